/** Weights with timm's names and shapes of each family fit its network, train a step, and predict: from a server that plays Hugging Face. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { train } from 'skein';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { loadClassifier } from '../src/trained/index.ts';
import { putImageFiles } from './image-files.ts';
import { skein } from './run-skein.ts';
import { type MadeModel, timmRepository, timmTensors } from './timm-repository.ts';
import { WeightsServer } from './weights-server.ts';

const server = new WeightsServer();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-networks-'));
  await server.start();
  vi.stubEnv('SKEIN_CACHE', join(folder, 'cache'));
  vi.stubEnv('HF_ENDPOINT', server.url);
  vi.stubEnv('SKEIN_WEIGHTS', '');
  await putImageFiles(join(folder, 'photos'), ['cat', 'dog'], 4);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await rm(folder, { recursive: true });
});

it.each<[model: MadeModel, imageSize: number, tag: string, features: number, skein: string, timm: string]>([
  [
    'densenet121',
    128,
    'tv_in1k',
    1024,
    'block4.layer16.conv2.weight',
    'features.denseblock4.denselayer16.conv2.weight',
  ],
  ['seresnet50', 32, 'ra2_in1k', 2048, 'stage4.block3.excite.weight', 'layer4.2.se.fc2.weight'],
  ['vgg16_bn', 32, 'tv_in1k', 4096, 'head.linear1.weight', 'pre_logits.fc1.weight'],
])(
  '%s',
  async (model, imageSize, tag, features, own, timm) => {
    server.repositories.set(`timm/${model}.${tag}`, timmRepository(model, tag));
    let renewed: string | undefined;
    const run = await train({
      ...{ model, weights: 'imagenet', data: join(folder, 'photos'), imageSize, out: join(folder, model) },
      ...{ epochs: 1, batchSize: 2, lr: 1e-9, augment: [], engine: 'onnxruntime', threads: 2, workers: 0 },
      callbacks: [{ onStart: (event) => (renewed = event.renewedHead) }],
    });
    server.repositories.delete(`timm/${model}.${tag}`);
    expect(renewed).toBe('classifier');
    const last = join(run.folder, 'last.safetensors');
    const checkpoint = await loadCheckpoint(last);
    const [mine, theirs] = [checkpoint.tensors.get(own)?.data, timmTensors(model).get(timm)?.data];
    expect(mine).toHaveLength(theirs?.length ?? -1);
    const differences = Array.from({ length: 1000 }, (_, i) => Math.abs(Number(mine?.[i]) - Number(theirs?.[i])));
    expect(Math.max(...differences)).toBeLessThan(1e-6);
    const classifier = await loadClassifier(last, { engine: 'onnxruntime' });
    try {
      const predictions = await classifier.predict(join(folder, 'photos', 'cat', '0.jpg'));
      expect(predictions.map(({ label }) => label).sort()).toEqual(['cat', 'dog']);
    } finally {
      await classifier.dispose();
    }
    const file = join(folder, `${model}.npy`);
    const words = ['--data', join(folder, 'photos'), '--out', file, '--engine', 'onnxruntime', '-j', '0', '--json'];
    const embedded = await skein('embed', run.folder, ...words);
    expect(embedded.code, embedded.stderr).toBe(0);
    expect(JSON.parse(embedded.stdout)).toMatchObject({ file, images: 8, features, nearest: { k: 5 } });
  },
  600_000,
);
