import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { shuffledOrder } from './shuffled-order.ts';

test('the order is a permutation that depends on the seed and the epoch', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(), fc.nat(100), (length, seed, epoch) => {
      const order = shuffledOrder(length, seed, epoch);
      expect(Uint32Array.from(order).sort()).toEqual(Uint32Array.from({ length }, (_, i) => i));
      expect(shuffledOrder(length, seed, epoch)).toEqual(order);
      if (length > 20) {
        expect(shuffledOrder(length, seed, epoch + 1)).not.toEqual(order);
        expect(shuffledOrder(length, seed + 1, epoch)).not.toEqual(order);
      }
    }),
  );
});

test('the order is the same on every machine and in every version', () => {
  expect(Array.from(shuffledOrder(8, 0, 0))).toEqual([4, 6, 5, 1, 3, 0, 7, 2]);
});
