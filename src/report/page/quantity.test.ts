import { expect, test } from 'vitest';
import { columns, shortenedWithin } from './quantity.ts';

test('a long name keeps its start and its end', () => {
  expect(shortenedWithin('cat', 12)).toBe('cat');
  expect(shortenedWithin('German shepherd, long-haired', 16)).toBe('German…ng-haired');
  const [first, second] = ['long-haired', 'short-haired'].map((kind) =>
    shortenedWithin(`German shepherd dog, ${kind}`, 24),
  );
  expect(first).not.toBe(second);
  expect(columns(first as string)).toBeLessThanOrEqual(24);
  // two columns each
  expect(columns(shortenedWithin('德国牧羊犬长毛品种', 11))).toBeLessThanOrEqual(11);
});
