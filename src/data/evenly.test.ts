import { expect, test } from 'vitest';
import { evenly } from './evenly.ts';
import { memoryDataset } from './memory-dataset.ts';

const sorted = memoryDataset({
  name: 'sorted',
  classes: ['a', 'b', 'c'],
  channels: 1,
  height: 1,
  width: 1,
  pixels: Uint8Array.from({ length: 9 }, (_, i) => i),
  labels: Uint8Array.from({ length: 9 }, (_, i) => Math.floor(i / 3)),
});

test('of samples that are sorted by class, each class has its share, under the names that they have', () => {
  const few = evenly(sorted, 3);
  expect(Array.from(few.labels ?? [])).toEqual([0, 1, 2]);
  expect(few.ids).toEqual(['0', '3', '6']);
  expect(evenly(sorted, 9)).toBe(sorted);
  expect(evenly(sorted, 100)).toBe(sorted);
});

test('of classes that take turns, each has its share too', () => {
  const { labels: _, ...unlabelled } = sorted;
  const turns = { ...unlabelled, labels: Uint8Array.from({ length: 9 }, (_, i) => i % 3) };
  // every third sample is of the same class
  const few = evenly(turns, 3);
  expect(few.ids).toEqual(['0', '1', '2']);
  expect(Array.from(few.labels ?? [])).toEqual([0, 1, 2]);
  expect(evenly(unlabelled, 3).ids).toEqual(['0', '3', '6']);
});

test('none, or a part of one, is refused', () => {
  for (const count of [0, 1.5]) expect(() => evenly(sorted, count)).toThrow('whole number of at least 1');
});
