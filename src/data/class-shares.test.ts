import { expect, test } from 'vitest';
import { classSharesOf, sharesText } from './class-shares.ts';

const classes = ['cat', 'dog', 'hat', 'shoe'];
const text = (...targets: number[]) => sharesText(classSharesOf(Float32Array.from(targets), 0, 4), classes);

test('shares of classes are told as parts of a sum, the largest first', () => {
  expect(text(0.3, 0.7, 0, 0)).toBe('0.7 dog + 0.3 cat');
  expect(text(0.123, 0.877, 0, 0)).toBe('0.88 dog + 0.12 cat');
  expect(text(0.25, 0.25, 0.25, 0.25)).toBe('0.25 cat + 0.25 dog + 0.25 hat + …');
});

test('a whole class is its name alone, and what a smoothing leaves to the others is not told', () => {
  expect(text(0, 0, 1, 0)).toBe('hat');
  expect(text(0.025, 0.025, 0.925, 0.025)).toBe('0.93 hat');
});

test('of several samples, each has its own row', () => {
  expect(classSharesOf(Float32Array.of(1, 0, 0.4, 0.6), 1, 2)).toEqual([
    { label: 1, share: expect.closeTo(0.6) },
    { label: 0, share: expect.closeTo(0.4) },
  ]);
});
