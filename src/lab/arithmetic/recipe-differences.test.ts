import { expect, it } from 'vitest';
import { allDifferences } from './recipe-differences.ts';

it('names every setting that differs, and none of those that decide nothing', () => {
  const one = { model: 'a', epochs: 3, seed: 0, workers: 1 };
  expect(allDifferences(one, { ...one, workers: 4 })).toEqual([]);
  const found = allDifferences(one, { model: 'b', seed: 0, workers: 1, batchSize: 8 });
  expect(found.map(({ key }) => key).sort()).toEqual(['batchSize', 'epochs', 'model']);
  expect(found.find(({ key }) => key === 'model')).toMatchObject({ before: 'a', now: 'b' });
});
