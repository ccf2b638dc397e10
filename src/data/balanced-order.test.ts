import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { balancedOrder } from './balanced-order.ts';

const countsOf = (values: Iterable<number>) => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

const spread = (counts: Iterable<number>) => Math.max(...counts) - Math.min(...counts);

test('each class comes equally often, and each sample of a small class too', () => {
  const labels = fc.array(fc.nat(4), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(labels, fc.nat(), fc.nat(100), (all, seed, epoch) => {
      const order = Array.from(balancedOrder(all, seed, epoch));
      expect(order.length).toBe(all.length);
      const classes = new Set(all);
      const byClass = countsOf(order.map((index) => all[index] as number));
      const least = Math.floor(all.length / classes.size);
      for (const label of classes) {
        const count = byClass.get(label) ?? 0;
        expect(count === least || count === least + 1).toBe(true);
        const members = [...all.keys()].filter((index) => all[index] === label);
        const times = countsOf(order);
        expect(spread(members.map((index) => times.get(index) ?? 0))).toBeLessThanOrEqual(1);
      }
      expect(Array.from(balancedOrder(all, seed, epoch))).toEqual(order);
    }),
  );
});

test('other epochs and seeds draw other samples of a large class', () => {
  const labels = Array.from({ length: 60 }, (_, i) => (i < 50 ? 0 : 1));
  const drawn = (seed: number, epoch: number) =>
    Array.from(balancedOrder(labels, seed, epoch))
      .filter((index) => index < 50)
      .sort((a, b) => a - b);
  expect(drawn(0, 0).length).toBe(30);
  expect(drawn(0, 1)).not.toEqual(drawn(0, 0));
  expect(drawn(1, 0)).not.toEqual(drawn(0, 0));
});

test('the order is the same on every machine and in every version', () => {
  expect(Array.from(balancedOrder([0, 0, 0, 0, 0, 1, 1, 2], 0, 0))).toEqual([7, 1, 5, 2, 7, 6, 7, 3]);
});
