/** Training from weights that are there: a run's, another tool's, and those behind a URL. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  batchNorm,
  conv,
  defineNetwork,
  globalAveragePool,
  linear,
  relu,
  resnet,
  scope,
  type TrainOptions,
  train,
} from 'skein';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { encodeSafetensors } from '../src/tensor/index.ts';
import { networkWeights } from '../src/train/index.ts';
import { skein } from './run-skein.ts';
import { WeightsServer } from './weights-server.ts';

let folder: string;
let first: string;
const server = new WeightsServer();

const split = (name: string, length: number) => shapes({ name, length, size: 12 });
const data = {
  train: split('train', 32),
  validation: split('validation', 12),
  normalisation: { mean: [0.3], std: [0.25] },
};
const options = (name: string): TrainOptions => ({
  model: resnet({ depth: 8, shortcut: 'B' }),
  data,
  epochs: 1,
  batchSize: 16,
  lr: 0.05,
  out: join(folder, name),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-starting-'));
  first = join((await train(options('first'))).folder, 'last.safetensors');
  await server.start();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** How far the first weights moved. */
async function moved(run: string): Promise<number> {
  const [before, after] = await Promise.all([first, join(run, 'last.safetensors')].map(loadCheckpoint));
  const name = 'stem.conv1.weight';
  const [a, b] = [before, after].map((checkpoint) => checkpoint?.tensors.get(name)?.data) as [
    Float32Array,
    Float32Array,
  ];
  return Math.max(...b.map((v, i) => Math.abs(v - (a[i] as number))));
}

it('starts from a checkpoint: with next to no learning rate its weights stay', async () => {
  const still = { lr: 1e-9 };
  expect(await moved((await train({ ...options('random'), ...still, seed: 1 })).folder)).toBeGreaterThan(0.01);
  const run = await train({ ...options('continued'), ...still, seed: 1, weights: first });
  expect(await moved(run.folder)).toBeLessThan(1e-6);
  expect(await readFile(join(run.folder, 'config.yaml'), 'utf8')).toContain(`weights: ${first}`);
});

it('starts from a file under other names', async () => {
  const foreign = join(folder, 'foreign.safetensors');
  await writeFile(foreign, networkWeights(first, await loadCheckpoint(first)).bytes);
  const run = await train({ ...options('foreign'), lr: 1e-9, weights: foreign });
  expect(await moved(run.folder)).toBeLessThan(1e-6);
});

it("starts a network without an image size of its own, at the data's", async () => {
  const model = defineNetwork('tiny', (image, { classes }) =>
    linear(globalAveragePool(scope('stem', () => relu(batchNorm(conv(image, 4, { kernel: 3 }))))), classes, {
      name: 'classifier',
    }),
  );
  const { folder: run } = await train({ ...options('tiny'), model });
  const { tensors } = await loadCheckpoint(join(run, 'last.safetensors'));
  const bare = join(folder, 'bare.safetensors');
  const weights = [...tensors].filter(([name]) => !name.startsWith('momentum.'));
  await writeFile(bare, encodeSafetensors(new Map(weights), {}));
  const again = await train({ ...options('tiny again'), model, lr: 1e-9, weights: bare });
  const found = (await loadCheckpoint(join(again.folder, 'last.safetensors'))).tensors.get('stem.conv1.weight');
  const before = tensors.get('stem.conv1.weight')?.data as Float32Array;
  expect(Math.max(...before.map((v, i) => Math.abs(v - Number(found?.data[i]))))).toBeLessThan(1e-6);
});

it('refuses weights of another network, before anything is written', async () => {
  const wrong = { ...options('wrong'), model: resnet({ depth: 14, shortcut: 'B' }), weights: first };
  await expect(train(wrong)).rejects.toThrow(
    /last\.safetensors: its weights do not fit resnet14-b with this data: `stage1\.block2/,
  );
});

it('takes a URL on the command line, downloaded once', async () => {
  const cache = process.env.SKEIN_CACHE;
  process.env.SKEIN_CACHE = join(folder, 'cache');
  try {
    server.files.set('/first.safetensors', { content: await readFile(first) });
    const words = [
      'train',
      'resnet8',
      '--data',
      'fashion-mnist',
      '--epochs',
      '1',
      '--weights',
      `${server.url}/first.safetensors`,
    ];
    const { code, stdout, stderr } = await skein(...words, '--out', join(folder, 'url'));
    expect(stdout).toMatch(/^downloaded {2}http:\/\/127/m);
    expect(stdout).toMatch(/^ {2}sha256 {3}[0-9a-f]{16}…$/m);
    // Fashion-MNIST has ten classes, these weights three
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /its weights do not fit resnet8 with this data: `classifier\.weight` is \[3, 64\], not \[10, 64\]/,
    );
    await skein(...words, '--out', join(folder, 'url again'));
    expect(server.requests.length).toBe(1);
    const imported = await skein('import', `${server.url}/first.safetensors`);
    expect(imported.stderr).toMatch(/is a checkpoint of Skein already/);
  } finally {
    if (cache === undefined) delete process.env.SKEIN_CACHE;
    else process.env.SKEIN_CACHE = cache;
  }
});
