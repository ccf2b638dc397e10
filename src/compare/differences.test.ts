import { expect, test } from 'vitest';
import { differenceNotes, differenceWords } from './difference-words.ts';
import { differencesOf } from './differences.ts';
import type { ComparedNetwork } from './network-result.ts';

/** Trainings with these accuracies on `total` images, one for each seed; undefined where one failed. */
function network(name: string, scores: readonly (number | undefined)[], total = 1000): ComparedNetwork {
  const pareto = { macs: false, params: false, seconds: false };
  const runs = scores.map((top1, seed) => ({
    seed,
    folder: `${name}-${seed}`,
    ...(top1 !== undefined && {
      outcome: {
        stopped: 'finished' as const,
        epochs: [],
        steps: 1,
        best: { epoch: 1, top1 },
        score: { split: 'test' as const, loss: 1, top1, correct: Math.round(top1 * total), total },
        ...{ seconds: 1, imagesPerSecond: 1, peakBytes: 1, processBytes: 1, engine: 'e', precision: 'p', threads: 1 },
      },
    }),
  }));
  return { name, seeds: runs.length, params: 1, macs: 1, pareto, runs };
}

// Student's ten patients (1908, section IX) as seeds: hours of sleep that two drugs gave, in hundredths of a share
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2].map((hours) => 0.5 + hours / 100);
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4].map((hours) => 0.5 + hours / 100);

test('pairs of trainings with the same seed are Student’s pairs', () => {
  const [found] = differencesOf([network('one', first), network('other', second)]);
  expect(found).toMatchObject({ a: 'one', b: 'other', seeds: 10, isReal: true });
  // t.test(paired = TRUE) of R's data set sleep: p-value = 0.002833, interval -2.4598858 to -0.7001142
  expect(found?.p).toBeCloseTo(0.002833, 6);
  expect(found?.corrected).toBe(found?.p);
  expect(found?.interval?.low).toBeCloseTo(-0.024598858, 9);
  expect(found?.interval?.high).toBeCloseTo(-0.007001142, 9);
  expect(differenceWords(found as NonNullable<typeof found>)).toBe(
    'other is 1.6 points more accurate than one (95 % interval 0.7 to 2.5 points, p = 0.0028).',
  );
});

test('several pairs are corrected together, and what one of many brings by chance is not called real', () => {
  const others = ['a', 'b', 'c', 'd', 'e'].map((name, i) =>
    network(
      name,
      first.map((share, seed) => share + ((seed * (i + 3)) % 5) / 1000),
    ),
  );
  const found = differencesOf([network('one', first), network('other', second), ...others]);
  expect(found.length).toBe(21);
  const pair = found.find(({ b }) => b === 'other');
  expect(pair?.p).toBeCloseTo(0.002833, 6);
  expect(pair?.corrected).toBeGreaterThan(0.02);
  expect(found.every(({ p = 1, corrected = 0 }) => corrected >= p)).toBe(true);
});

test('seeds that one network lacks are no pairs', () => {
  const [found] = differencesOf([network('one', [0.5, undefined, 0.6]), network('other', [0.4, 0.9, 0.5])]);
  expect(found).toMatchObject({ seeds: 2 });
  expect(found?.mean).toBeCloseTo(0.1, 12);
  expect(differencesOf([network('one', [undefined]), network('other', [0.4])])).toEqual([]);
});

test('differences that are equal to the image are as unsure as whole images make them', () => {
  const [few] = differencesOf([network('one', [0.6, 0.6], 10), network('other', [0.5, 0.5], 10)]);
  expect(few?.isReal).toBe(false);
  expect(differencesOf([network('one', [0.1, 0.9]), network('other', [0.9, 0.2])])[0]?.interval).toEqual({
    low: -1,
    high: 1,
  });
  const [many] = differencesOf([network('one', [0.6, 0.6, 0.6], 10_000), network('other', [0.5, 0.5, 0.5], 10_000)]);
  expect(many?.isReal).toBe(true);
});

test('with one seed nothing is said of which is better', () => {
  const [found] = differencesOf([network('one', [0.9]), network('other', [0.4])]);
  expect(found).toEqual({ a: 'one', b: 'other', seeds: 1, mean: 0.5, isReal: false });
  expect(differenceWords(found as NonNullable<typeof found>)).toBe(
    'one and other: 50.0 points apart with one seed, which cannot say whether another seed would agree.',
  );
  expect(differenceNotes([found as NonNullable<typeof found>], 1, 1000)[0]).toContain(
    'With one seed nothing can be said',
  );
});
