import { Random } from '../tensor/index.ts';

/** A permutation of 0 … length - 1 that depends on nothing but its length, the seed and the epoch. */
export function shuffledOrder(length: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  return new Random(seed).fork('shuffle').fork(epoch).shuffle(order);
}
