import { expect, test } from 'vitest';
import { paceOf } from './pace.ts';

const slow = { images: 120, waiting: 0.5, imagesPerSecond: 10 };
const fast = { images: 120, waiting: 0, imagesPerSecond: 30 };

test('an epoch that took longer counts for more', () => {
  const { imagesPerSecond, waiting } = paceOf([slow, fast, fast, fast], 120);
  expect(imagesPerSecond).toBeCloseTo(20);
  expect(waiting).toBeCloseTo(0.25);
});

test('an epoch that was gone on with counts for the images that it had left', () => {
  // 2 seconds of 14
  const rest = { images: 20, waiting: 0.85, imagesPerSecond: 10 };
  const { imagesPerSecond, waiting } = paceOf([slow, rest], 120);
  expect(imagesPerSecond).toBeCloseTo(10);
  expect(waiting).toBeCloseTo((0.5 * 12 + 0.85 * 2) / 14);
  expect(paceOf([{ ...fast, images: 30 }, slow], 120).imagesPerSecond).toBeCloseTo(150 / 13);
});

test('an epoch without steps does not count, and one of an earlier version as far as it was measured', () => {
  expect(paceOf([slow, { images: 0, waiting: 0.9, imagesPerSecond: 0 }], 120)).toEqual({
    imagesPerSecond: 10,
    waiting: 0.5,
  });
  const { imagesPerSecond, waiting } = paceOf([slow, { imagesPerSecond: 30 }], 120);
  expect(imagesPerSecond).toBeCloseTo(15);
  expect(waiting).toBe(0.5);
  expect(paceOf([], 120)).toEqual({ imagesPerSecond: undefined, waiting: undefined });
});
