/** A run on image files gives the same bytes, whatever prepares them: threads, memory, a folder of decoded images, in one go or resumed. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  augmentationFrom,
  conv,
  defineNetwork,
  flip,
  globalAveragePool,
  linear,
  relu,
  type TrainOptions,
  train,
} from 'skein';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Augmentation } from '../src/data/index.ts';
import { putImageFiles } from './image-files.ts';

const network = defineNetwork(
  'small',
  (image, { classes }) =>
    linear(globalAveragePool(relu(conv(image, 4, { kernel: 3 }))), classes, { name: 'classifier' }),
  { image: { channels: 3, height: 8, width: 8 } },
);

let folder: string;
let augment: Augmentation[];
let expected: Buffer[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-same-'));
  await putImageFiles(join(folder, 'data'), ['a', 'b', 'c'], 9);
  augment = [
    await augmentationFrom(new URL('./crop-augmentation.ts', import.meta.url)),
    await augmentationFrom(new URL('./thread-augmentation.ts', import.meta.url)),
    flip(),
  ];
  const run = await trained('alone', { workers: 0, cache: 'off' });
  expect(run.epochs).toHaveLength(3);
  expected = await saved('alone');
});
afterAll(() => rm(folder, { recursive: true }));

const trained = (name: string, options: Partial<TrainOptions>) =>
  train({
    model: network,
    data: join(folder, 'data'),
    augment,
    epochs: 3,
    batchSize: 5,
    seed: 4,
    engine: 'onnxruntime',
    out: join(folder, name),
    ...options,
  });
const saved = (name: string) =>
  Promise.all(['last', 'best'].map((file) => readFile(join(folder, name, `${file}.safetensors`))));

test.each([
  ['one thread', { workers: 1, cache: 'off' }],
  ['two threads and memory', { workers: 2, cache: 1e9 }],
  ['four threads and memory for a few images', { workers: 4, cache: 20_000 }],
  ['memory alone', { workers: 0, cache: 1e9 }],
  ['a new folder', { workers: 2, cache: 'cache' }],
  ['the folder of another run', { workers: 0, cache: 'cache' }],
] as const)('with %s', async (name, { workers, cache }) => {
  await trained(name, { workers, cache: cache === 'cache' ? join(folder, cache) : cache });
  for (const [i, bytes] of (await saved(name)).entries()) expect(bytes.equals(expected[i] as Buffer), name).toBe(true);
});

test('stopped in the middle of an epoch and resumed with other means', async () => {
  const controller = new AbortController();
  const stop = { onStep: ({ step }: { step: number }) => (step === 7 ? controller.abort() : undefined) };
  const first = await trained('stopped', { workers: 2, cache: 1e9, signal: controller.signal, callbacks: [stop] });
  expect(first).toMatchObject({ stopped: 'interrupted', epochs: [{ epoch: 1 }] });
  await trained('stopped', { workers: 1, cache: join(folder, 'another cache'), resume: true });
  for (const [i, bytes] of (await saved('stopped')).entries()) expect(bytes.equals(expected[i] as Buffer)).toBe(true);
  // what was asked for last is what goes on, and what nobody asked for is not recorded
  const settings = async (name: string) => parse(await readFile(join(folder, name, 'config.yaml'), 'utf8'));
  expect(await settings('stopped')).toMatchObject({ workers: 1, cache: join(folder, 'another cache') });
  expect(await settings('alone')).toMatchObject({ workers: 0, cache: 'off' });
  await trained('usual', { epochs: 1 });
  expect(Object.keys(await settings('usual'))).not.toContain('cache');
});

test('another seed gives other bytes', async () => {
  await trained('another', { workers: 0, cache: 'off', seed: 5 });
  expect((await saved('another'))[0]?.equals(expected[0] as Buffer)).toBe(false);
});
