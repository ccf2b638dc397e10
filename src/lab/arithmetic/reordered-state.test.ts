import { describe, expect, it } from 'vitest';
import { Random } from '../../tensor/index.ts';
import type { NetworkBlock } from './network-blocks.ts';
import { kendallTau, reorderedState, swappedOrder } from './reordered-state.ts';

const blocks = ['a', 'a', 'b', 'a'].map(
  (signature, i) => ({ path: `${i}`, signature, entries: [`${i}.w`] }) as unknown as NetworkBlock,
);

describe('the order of blocks', () => {
  it('has the tau that Kendall defines', () => {
    expect(kendallTau([0, 1, 2, 3])).toBe(1);
    expect(kendallTau([3, 2, 1, 0])).toBe(-1);
    // 5 of 6 pairs stand as before
    expect(kendallTau([1, 0, 2, 3])).toBeCloseTo(4 / 6, 12);
  });

  it('is changed by swaps of equal blocks alone', () => {
    expect(swappedOrder(blocks, 0, new Random(0))).toEqual([0, 1, 2, 3]);
    const orders = Array.from({ length: 20 }, (_, i) => swappedOrder(blocks, 3, new Random(i)) as number[]);
    for (const order of orders) {
      expect(order[2]).toBe(2);
      expect([...order].sort()).toEqual([0, 1, 2, 3]);
    }
    expect(new Set(orders.map(String)).size).toBeGreaterThan(2);
    expect(swappedOrder(blocks.slice(1, 3), 3, new Random(0))).toBeUndefined();
  });

  it('moves weights to their new places', () => {
    const state = new Map([
      ['0.w', 'zero'],
      ['1.w', 'one'],
      ['2.w', 'two'],
      ['3.w', 'three'],
      ['head', 'head'],
    ]);
    expect([...reorderedState(state, blocks, [1, 3, 2, 0]).values()]).toEqual(['one', 'three', 'two', 'zero', 'head']);
    expect(() => reorderedState(state, blocks, [2, 1, 0, 3])).toThrow('2 does not fit in the place of 0');
  });
});
