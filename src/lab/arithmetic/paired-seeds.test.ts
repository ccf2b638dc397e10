import { expect, it } from 'vitest';
import { accuracyOf, betterOf, differenceOverSeeds } from './paired-seeds.ts';

const runs = (network: string, accuracies: readonly number[]) =>
  accuracies.map((top1, seed) => ({ network, seed, test: { top1, total: 1000 } }));

it('gives Student’s interval of a mean over seeds', () => {
  // mean 0.8, deviation 0.01; t of 2 degrees of freedom at 95 % is 4.3027
  const found = accuracyOf(runs('a', [0.79, 0.8, 0.81]));
  expect(found.value).toBeCloseTo(0.8, 12);
  expect(found.high - found.value).toBeCloseTo((4.30265273 * 0.01) / Math.sqrt(3), 8);
  // of one seed Wilson's of 790 right of 1,000
  expect(accuracyOf(runs('a', [0.79])).low).toBeCloseTo(0.7637, 4);
  expect(accuracyOf([]).low).toBe(Number.NEGATIVE_INFINITY);
});

it('pairs by seed, so that what a seed does to both counts for neither', () => {
  const both = [...runs('a', [0.5, 0.7, 0.9]), ...runs('b', [0.45, 0.651, 0.849])];
  const found = differenceOverSeeds(both, 'a', 'b');
  expect(found.accuracy.value).toBeCloseTo(0.05, 12);
  expect(betterOf(found)).toBe('a');
  expect(betterOf(differenceOverSeeds(both, 'b', 'a'))).toBe('b');
  // the same numbers of other seeds are no pairs of these
  const shuffled = both.map((run) => (run.network === 'b' ? { ...run, seed: (run.seed + 1) % 3 } : run));
  expect(betterOf(differenceOverSeeds(shuffled, 'a', 'b'))).toBe('open');
});

it('has the interval of Student’s paired test, and of one seed that of the images', () => {
  // differences 0.01, 0.02, 0.03: mean 0.02, deviation 0.01
  const { accuracy } = differenceOverSeeds(
    [...runs('a', [0.8, 0.82, 0.79]), ...runs('b', [0.79, 0.8, 0.76])],
    'a',
    'b',
  );
  expect(accuracy.high - accuracy.value).toBeCloseTo((4.30265273 * 0.01) / Math.sqrt(3), 8);
  const single = (a: number, b: number) => differenceOverSeeds([...runs('a', [a]), ...runs('b', [b])], 'a', 'b');
  expect([single(0.9, 0.1).seeds, betterOf(single(0.9, 0.1))]).toEqual([1, 'a']);
  // of 1,000 images each, a point and a half is within chance
  expect(betterOf(single(0.815, 0.8))).toBe('open');
});
