import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dataset } from './dataset.ts';
import { splitFold } from './split-fold.ts';
import { splitTrainValidation } from './split-train-validation.ts';

const image = { channels: 1, height: 1, width: 1, pixels: new Uint8Array(1) };

/** Samples of these labels, by names. */
const named = (labels: readonly number[], ids = labels.map((label, i) => `${label}/${i}.png`)): Dataset => ({
  name: 'letters/train',
  classes: ['a', 'b', 'c'],
  length: labels.length,
  labels,
  ids,
  read: (index) => ({ image, label: labels[index] as number }),
});

const foldsOf = (dataset: Dataset, of: number, seed: number) =>
  Promise.all(Array.from({ length: of }, (_, i) => splitFold(dataset, { number: i + 1, of }, seed)));

const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);

test('every sample is held out once, and folds are even, in each class and in all', async () => {
  const sizes = fc.tuple(fc.integer({ min: 7, max: 30 }), fc.integer({ min: 7, max: 30 }), fc.constant(0));
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 2, max: 7 }), fc.nat(), async (counts, of, seed) => {
      const dataset = named(counts.flatMap((count, label) => new Array<number>(count).fill(label)));
      const folds = await foldsOf(dataset, of, seed);
      expect(folds.flatMap(({ validation }) => validation.ids ?? []).sort()).toEqual([...(dataset.ids ?? [])].sort());
      for (const { train, validation } of folds)
        expect([...(train.ids ?? []), ...(validation.ids ?? [])].sort()).toEqual([...(dataset.ids ?? [])].sort());
      expect(spread(folds.map(({ validation }) => validation.length))).toBeLessThanOrEqual(1);
      for (const label of [0, 1])
        expect(
          spread(
            folds.map(({ validation }) => Array.from(validation.labels ?? []).filter((one) => one === label).length),
          ),
        ).toBeLessThanOrEqual(1);
    }),
    { numRuns: 40 },
  );
});

test('the order of the samples does not matter, the seed does', async () => {
  const labels = Array.from({ length: 30 }, (_, i) => i % 2);
  const dataset = named(labels);
  const turned = named([...labels].reverse(), [...(dataset.ids ?? [])].reverse());
  const held = async (of: Dataset, seed: number) =>
    [...((await splitFold(of, { number: 2, of: 3 }, seed)).validation.ids ?? [])].sort();
  expect(await held(turned, 0)).toEqual(await held(dataset, 0));
  expect(await held(dataset, 1)).not.toEqual(await held(dataset, 0));
});

test('the first fold is what is held out at its share', async () => {
  const dataset = named(Array.from({ length: 30 }, (_, i) => i % 2));
  const { validation } = await splitTrainValidation(dataset, { fraction: 1 / 5, seed: 3 });
  expect((await splitFold(dataset, { number: 1, of: 5 }, 3)).validation.ids).toEqual(validation.ids);
});

test('a class of fewer samples than folds is refused', async () => {
  await expect(splitFold(named([0, 0, 0, 1, 1]), { number: 1, of: 3 }, 0)).rejects.toThrow(
    'expected at least 3 samples of each class for 3 folds, but `letters/train` has 2 of `b`',
  );
});
