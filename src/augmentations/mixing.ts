/**
 * Batches whose samples are mixed in pairs: the first with the last, the second with the last but one, as timm pairs them, so that copies of one
 * sample that follow each other meet others. Of two samples that exchange their parts, each keeps the larger share where it is: its own label
 * is the one that counts most. Without a partner, the middle one of an odd number stays as it is.
 */
import type { MixedBatch } from '../data/index.ts';
import type { Random } from '../tensor/index.ts';
import { symmetricBeta } from './distributions.ts';

/** Weighted means of whole images: a share λ of one and 1 − λ of the other, λ from Beta(alpha, alpha) for the batch. */
export function meanOfPairs(batch: MixedBatch, alpha: number, random: Random): void {
  const share = largerOf(symmetricBeta(alpha, random));
  const { images, channels, height, width } = batch;
  const size = channels * height * width;
  for (const [one, other] of pairsOf(batch)) blend(images, one * size, other * size, size, share);
  blendTargets(batch, share);
}

/** A box of one image stands in the other, and the labels are shared by area; a box of the area 1 − λ, as far as it lies within the image. */
export function boxesOfPairs(batch: MixedBatch, alpha: number, random: Random): void {
  const { images, channels, height, width } = batch;
  const halfSide = Math.sqrt(1 - symmetricBeta(alpha, random)) / 2;
  const [rows, columns] = [height, width].map((side) => {
    const [half, centre] = [Math.trunc(halfSide * side), random.integer(side)];
    return [Math.max(0, centre - half), Math.min(side, centre + half)] as const;
  }) as [readonly [number, number], readonly [number, number]];
  const inside = ((rows[1] - rows[0]) * (columns[1] - columns[0])) / (height * width);
  const size = channels * height * width;
  for (const [one, other] of pairsOf(batch))
    for (let row = 0; row < channels * height; row++) {
      const isBeside = row % height < rows[0] || row % height >= rows[1];
      const [left, right] = isBeside ? [0, 0] : columns;
      const [a, b] = [one * size + row * width, other * size + row * width];
      if (inside <= 0.5) exchange(images, a, b, left, right);
      else {
        // what is smaller moves: all but the box
        exchange(images, a, b, 0, left);
        exchange(images, a, b, right, width);
      }
    }
  blendTargets(batch, largerOf(inside));
}

const largerOf = (share: number): number => Math.max(share, 1 - share);

const pairsOf = ({ count }: MixedBatch): [number, number][] =>
  Array.from({ length: count >> 1 }, (_, row) => [row, count - 1 - row]);

function blendTargets(batch: MixedBatch, share: number): void {
  const { images, targets, channels, height, width } = batch;
  const classes = targets.length / (images.length / (channels * height * width));
  for (const [one, other] of pairsOf(batch)) blend(targets, one * classes, other * classes, classes, share);
}

/** Each becomes `share` of itself and the rest of the other. */
function blend(values: Float32Array, one: number, other: number, length: number, share: number): void {
  const rest = 1 - share;
  for (let i = 0; i < length; i++) {
    const a = values[one + i] as number;
    const b = values[other + i] as number;
    values[one + i] = share * a + rest * b;
    values[other + i] = share * b + rest * a;
  }
}

/** Exchanges the columns from `from` to `to` of two rows. */
function exchange(values: Float32Array, one: number, other: number, from: number, to: number): void {
  for (let x = from; x < to; x++) {
    const a = values[one + x] as number;
    values[one + x] = values[other + x] as number;
    values[other + x] = a;
  }
}
