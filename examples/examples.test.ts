/** Every example runs as it is written, on less data. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random, type Sample } from 'skein';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import * as augmentation from './custom-augmentation.ts';
import * as callback from './custom-callback.ts';
import * as dataset from './custom-dataset.ts';
import * as network from './custom-network.ts';
import * as ownLoop from './own-loop.ts';
import * as gated from './squeeze-and-excitation.ts';
import { compareRates } from './without-folders.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-examples-'));
});
afterAll(() => rm(folder, { recursive: true }));

const small = (name: string) => ({
  data: dataset.shapeSplits({ length: 60 }),
  batchSize: 20,
  epochs: 1,
  validationFraction: 0.2,
  threads: 1,
  out: join(folder, name),
});

test('the network of your own trains and is named by its scopes', async () => {
  const run = await network.run(small('network'));
  expect(run.stopped).toBe('finished');
  // 144 + 3 · 2304 weights of convolutions, 4 · 32 of batch norms, 16 · 3 + 3 of the classifier
  expect(run.params).toBe(7235);
  expect(await readdir(run.folder)).toContain('best.safetensors');
});

test('the network with gates of your own trains, and shows its gates and features', async () => {
  const run = await gated.run(small('gated'));
  const { values, features } = await gated.look(run.folder);
  expect(features.shape).toEqual([16]);
  expect([...values.keys()]).toEqual(['block1.gate.sigmoid1', 'block2.gate.sigmoid1']);
  for (const { shape, data } of values.values()) {
    expect(shape).toEqual([16]);
    expect([...data].every((gate) => Number(gate) > 0 && Number(gate) < 1)).toBe(true);
  }
});

describe('the dataset of your own', () => {
  const { train } = dataset.shapeSplits({ length: 9, size: 12 });

  it('draws the same image whenever it is read, and another one for each index', async () => {
    const [first, again, other] = await Promise.all([0, 0, 3].map((index) => train.read(index)));
    expect(again).toEqual(first);
    expect(other?.label).toBe(first?.label);
    expect(other?.image.pixels).not.toEqual(first?.image.pixels);
  });

  it('teaches a network to tell shapes apart that it has not seen', async () => {
    const run = await dataset.run({ threads: 1, out: join(folder, 'dataset') });
    expect(run.test?.best.top1).toBeGreaterThan(0.6);
  });
});

describe('the augmentation of your own', () => {
  const sample: Sample = { image: { channels: 2, height: 6, width: 6, pixels: new Uint8Array(72).fill(9) }, label: 1 };
  const cutout = augmentation.cutout({ size: 3, fill: 1 });

  it('blanks at most a square of its size, the same in each channel, and leaves its argument alone', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { image, label } = cutout.apply(sample, new Random(seed));
      const [one, two] = [image.pixels.slice(0, 36), image.pixels.slice(36)];
      const blanked = one.filter((pixel) => pixel === 1).length;
      expect(label).toBe(1);
      expect(one).toEqual(two);
      expect([4, 6, 9]).toContain(blanked);
      expect(one.filter((pixel) => pixel === 9).length).toBe(36 - blanked);
    }
    expect(sample.image.pixels).toEqual(new Uint8Array(72).fill(9));
  });

  it('is recorded with its options in the run', async () => {
    const augment = [augmentation.cutout({ size: 5 })];
    const run = await augmentation.run({ ...small('augmentation'), augment });
    expect(await readFile(join(run.folder, 'config.yaml'), 'utf8')).toContain(
      'augment:\n  - name: cutout\n    size: 5\n    fill: 0\n',
    );
  });
});

describe('the callback of your own', () => {
  it('stops a run that does not get better, after its patience', async () => {
    // at a learning rate of 0 the accuracy settles as soon as the running statistics have
    const callbacks = [callback.earlyStopping({ patience: 2 })];
    const run = await callback.run({ ...small('callback'), epochs: 12, lr: 0, callbacks });
    expect(run.stopped).toBe('callback');
    const accuracies = run.epochs.map(({ validation }) => validation.top1);
    const highest = accuracies.indexOf(Math.max(...accuracies)) + 1;
    expect(accuracies).toHaveLength(highest + 2);
  });
});

test('the experiment without folders has the results of each of its runs', async () => {
  const { out: _, ...options } = small('');
  const sinks = await compareRates([0, 0.1], options);
  expect([...sinks.keys()]).toEqual([0, 0.1]);
  const rates = [...sinks.values()].map(({ config, epochs }) => [config?.schedule, epochs.map(({ lr }) => lr > 0)]);
  expect(rates).toEqual([
    [expect.objectContaining({ lr: 0 }), [false]],
    [expect.objectContaining({ lr: 0.1 }), [true]],
  ]);
});

test('the loop of your own brings the loss down and reads the trained state', async () => {
  const { train, normalisation } = dataset.shapeSplits({ length: 120 });
  const { losses, state } = await ownLoop.run({ train, normalisation, epochs: 3, batchSize: 40, threads: 1 });
  expect(losses).toHaveLength(9);
  expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] as number));
  expect(state.get('momentum.classifier.weight')?.data).not.toEqual(new Float32Array(3 * 64));
});
