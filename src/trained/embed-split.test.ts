import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveCheckpoint } from '../checkpoint/index.ts';
import type { Dataset, Image, Sample } from '../data/index.ts';
import { graphToJson, initialState, relu } from '../ir/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear } from '../nn/index.ts';
import { predictionProgram } from '../step/index.ts';
import { DataError, Random } from '../tensor/index.ts';
import { type Classifier, loadClassifier } from './classifier.ts';

const network = defineNetwork('small', (image, { classes }) =>
  linear(globalAveragePool(relu(batchNorm(conv(image, 5, { kernel: 3, name: 'conv' })))), classes),
);
const size = { channels: 1, height: 4, width: 4 };

let folder: string;
let classifier: Classifier;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-embed-'));
  const path = join(folder, 'small.safetensors');
  const program = predictionProgram({ network, image: size, classes: 3, batchSize: 1 });
  await saveCheckpoint(path, {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: network.name, options: {} },
    graph: graphToJson(program),
    classes: ['a', 'b', 'c'],
    preprocessing: { ...size, mean: [0.4], std: [0.2] },
    tensors: initialState(program.graph, 1),
  });
  classifier = await loadClassifier(path, { engine: 'evaluator', batchSize: 4 });
});
afterAll(async () => {
  await classifier.dispose();
  await rm(folder, { recursive: true });
});

const random = new Random('embedded');
const samples: Sample[] = Array.from({ length: 11 }, (_, i) => ({
  image: { ...size, pixels: Uint8Array.from({ length: 16 }, () => random.integer(256)) },
  label: i % 2,
}));
/** Of other classes than the network's. */
const dataset: Dataset = {
  name: 'eleven',
  classes: ['x', 'y'],
  length: 11,
  read: (index) => samples[index] as Sample,
};
/** Of which some cannot be read. */
const damaged = (bad: readonly number[]): Dataset => ({
  ...dataset,
  read: (index) => {
    if (bad.includes(index)) throw new DataError(`${index}: damaged`);
    return samples[index] as Sample;
  },
});

it('gives what the head reads of each image, in the order of the dataset, whatever the batches', async () => {
  const { features, width, labels, indices, badImages } = await classifier.embed(dataset);
  expect([width, features.length, badImages]).toEqual([5, 55, undefined]);
  expect([...labels]).toEqual(samples.map(({ label }) => label));
  expect([...indices]).toEqual(samples.map((_, i) => i));
  for (const [i, { image }] of samples.entries())
    expect(features.slice(5 * i, 5 * i + 5)).toBeClose((await classifier.features(image)).data as Float32Array);
});

it('leaves out what cannot be read, also a whole batch, and says which samples the rows are', async () => {
  const whole = await classifier.embed(dataset);
  const skipped: [number, number][] = [];
  const { features, indices, labels, badImages } = await classifier.embed(damaged([1, 4, 5, 6, 7, 10]), {
    onBadImage: 'skip',
    onProgress: (done, total) => skipped.push([done, total]),
  });
  expect([...indices]).toEqual([0, 2, 3, 8, 9]);
  expect([...labels]).toEqual([0, 0, 1, 0, 1]);
  expect(badImages).toHaveLength(6);
  expect(skipped).toEqual([4, 8, 11].map((done) => [done, 11]));
  expect([...features]).toEqual([...indices].flatMap((i) => [...whole.features.slice(5 * i, 5 * i + 5)]));
  await expect(classifier.embed(damaged([3]))).rejects.toThrow('3: damaged');
  await expect(classifier.embed(damaged(samples.map((_, i) => i)), { onBadImage: 'skip' })).rejects.toThrow(DataError);
});

it('of another layer the mean of each channel is taken', async () => {
  const { features, width } = await classifier.embed(dataset, { layer: 'conv' });
  expect(width).toBe(5);
  const map = (await classifier.values(samples[7]?.image as Image, ['conv'])).get('conv')?.data as Float32Array;
  const means = Array.from({ length: 5 }, (_, channel) =>
    map.slice(16 * channel, 16 * channel + 16).reduce((sum, x) => sum + x / 16, 0),
  );
  expect(features.slice(35, 40)).toBeClose(Float32Array.from(means));
  await expect(classifier.embed(dataset, { layer: 'covn' })).rejects.toThrow('did you mean conv');
});

it('ends where a signal says so', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(classifier.embed(dataset, { signal })).rejects.toThrow('enough');
});
