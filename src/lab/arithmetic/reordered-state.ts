/** A network's blocks in another order: their weights change places, and the program stays. */
import { ConfigError, type Random } from '../../tensor/index.ts';
import type { NetworkBlock } from './network-blocks.ts';

/** The state in which the block at place i has the weights of the block at `order[i]`. @throws ConfigError where one does not fit */
export function reorderedState<T>(
  state: ReadonlyMap<string, T>,
  blocks: readonly NetworkBlock[],
  order: readonly number[],
): Map<string, T> {
  const moved = new Map(state);
  order.forEach((from, to) => {
    const [given, taken] = [blocks[from], blocks[to]];
    if (from === to || !given || !taken) return;
    if (given.signature !== taken.signature)
      throw new ConfigError(`reorder: ${given.path} does not fit in the place of ${taken.path}`, 'swap equal blocks');
    taken.entries.forEach((name, i) => {
      moved.set(name, state.get(given.entries[i] as string) as T);
    });
  });
  return moved;
}

/**
 * The order after that many swaps, each of two blocks of one signature, drawn anew each time; undefined where no two blocks are alike.
 * Veit et al. 2016 (arXiv 1605.06431), §4.3.
 */
export function swappedOrder(blocks: readonly NetworkBlock[], swaps: number, random: Random): number[] | undefined {
  const pairs = blocks.flatMap((a, i) =>
    blocks.flatMap((b, j) => (i < j && a.signature === b.signature ? [[i, j] as const] : [])),
  );
  if (pairs.length === 0) return undefined;
  const order = blocks.map((_, i) => i);
  for (let swap = 0; swap < swaps; swap++) {
    const [i, j] = pairs[random.integer(pairs.length)] as readonly [number, number];
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** Kendall's rank correlation (1938) of an order of 0, 1, … with 0, 1, …: 1 where nothing moved, −1 where all is reversed. */
export function kendallTau(order: readonly number[]): number {
  let balance = 0;
  order.forEach((a, i) => {
    for (const b of order.slice(i + 1)) balance += Math.sign(b - a);
  });
  return (2 * balance) / (order.length * (order.length - 1));
}
