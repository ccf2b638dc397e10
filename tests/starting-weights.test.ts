/** Training from weights that are there: a run's, another tool's, and those behind a URL. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  batchNorm,
  conv,
  type Dataset,
  defineNetwork,
  densenet,
  globalAveragePool,
  linear,
  plain,
  relu,
  resnet,
  scope,
  type TrainOptions,
  train,
} from 'skein';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { graphToJson } from '../src/ir/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { encodeSafetensors } from '../src/tensor/index.ts';
import { networkWeights } from '../src/trained/index.ts';
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

it('keeps all but the head where the classes are others, and says so', async () => {
  const two = (dataset: Dataset): Dataset => ({
    name: dataset.name,
    classes: ['round', 'not round'],
    length: dataset.length,
    read: async (index) => {
      const sample = await dataset.read(index);
      return { ...sample, label: Math.min(sample.label, 1) };
    },
  });
  const others = { ...data, train: two(data.train), validation: two(data.validation) };
  let renewed: string | undefined;
  const run = await train({
    ...options('two classes'),
    data: others,
    weights: first,
    lr: 1e-9,
    callbacks: [
      {
        onStart: ({ renewedHead }) => {
          renewed = renewedHead;
        },
      },
    ],
  });
  expect(renewed).toBe('classifier');
  const [before, after] = await Promise.all([
    loadCheckpoint(first),
    loadCheckpoint(join(run.folder, 'last.safetensors')),
  ]);
  for (const name of ['stem.conv1.weight', 'stage3.block1.conv2.weight'])
    expect(after.tensors.get(name)?.data).toBeClose(before.tensors.get(name)?.data as Float32Array, { absolute: 1e-6 });
  expect(after.tensors.get('classifier.weight')?.shape).toEqual([2, 64]);
});

it('refuses weights of another network, before anything is written', async () => {
  const wrong = { ...options('wrong'), model: resnet({ depth: 14, shortcut: 'B' }), weights: first };
  await expect(train(wrong)).rejects.toThrow(
    /last\.safetensors: its weights do not fit resnet14-b with this data: `stage1\.block2/,
  );
});

it('refuses weights of the same shapes from a network that computes something else', async () => {
  const residual = join(
    (await train({ ...options('residual'), model: resnet({ depth: 8 }) })).folder,
    'last.safetensors',
  );
  await expect(train({ ...options('shortcuts'), model: plain({ depth: 8 }), weights: residual })).rejects.toThrow(
    /last\.safetensors: its weights have the shapes of plain8, but were trained in another network, resnet8,/,
  );
  const otherwise = defineNetwork('resnet8', (image, { classes }) => plain({ depth: 8 }).build(image, { classes }));
  await expect(train({ ...options('named'), model: otherwise, weights: residual })).rejects.toThrow('another network');
});

it('goes on from a checkpoint at another image size, and with another rate of dropout', async () => {
  const model = (dropout: number) => densenet({ depth: 10, growth: 4, bottleneck: true, dropout });
  const { folder: run } = await train({ ...options('small images'), model: model(0) });
  const larger = (name: string, length: number) => shapes({ name, length, size: 16 });
  const images = { ...data, train: larger('train', 32), validation: larger('validation', 12) };
  const weights = join(run, 'last.safetensors');
  const again = await train({ ...options('larger images'), data: images, model: model(0.2), weights });
  expect((await loadCheckpoint(join(again.folder, 'last.safetensors'))).preprocessing.height).toBe(16);
});

it("asks at the data's image size whether a dense network of another tool would halve smaller maps", async () => {
  const model = densenet({ depth: 10, growth: 4, blocks: 3, bottleneck: true });
  const { folder: run } = await train({ ...options('dense'), model });
  const checkpoint = join(run, 'last.safetensors');
  const foreign = join(folder, 'dense.safetensors');
  const image = { height: 32, width: 32 };
  const loaded = await loadCheckpoint(checkpoint);
  const size = { channels: loaded.preprocessing.channels, ...image };
  const program = predictionProgram({ network: model, image: size, classes: 3, batchSize: 1 });
  const large = { ...loaded, graph: graphToJson(program), preprocessing: { ...loaded.preprocessing, ...image } };
  await writeFile(foreign, networkWeights(checkpoint, large).bytes);
  await expect(train({ ...options('dense again'), model, weights: foreign })).rejects.toThrow(
    'must be at least 16, but is 12',
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
      'fashion-mnist-sample',
      '--epochs',
      '1',
      '--weights',
      `${server.url}/first.safetensors`,
    ];
    const { code, stdout, stderr } = await skein(...words, '--out', join(folder, 'url'));
    expect(stdout).toMatch(/^downloaded {2}http:\/\/127/m);
    expect(stdout).toMatch(/^ {2}sha256 {3}[0-9a-f]{16}…$/m);
    // a head for other classes would start anew, but the shortcuts are others too
    expect(code).toBe(1);
    expect(stderr).toMatch(/its weights have the shapes of resnet8, but were trained in another network, resnet8-b/);
    await skein(...words, '--out', join(folder, 'url again'));
    expect(server.requests.length).toBe(1);
    const imported = await skein('import', `${server.url}/first.safetensors`);
    expect(imported.stderr).toMatch(/is a checkpoint of Skein already/);
  } finally {
    if (cache === undefined) delete process.env.SKEIN_CACHE;
    else process.env.SKEIN_CACHE = cache;
  }
});
