/** How strongly the layers of a dense block read what was there before: Huang et al. 2017, §5 and Figure 5. */
import { stridesOf, type Tensor } from '../../tensor/index.ts';
import type { DenseReading } from './dense-readings.ts';

/** The mean absolute weight by which a layer reads each part: its L1 norm divided by the number of its weights. */
export function readWeights(weight: Tensor, { channelAxis, channels }: DenseReading): number[] {
  const stride = stridesOf(weight.shape)[channelAxis] as number;
  const extent = weight.shape[channelAxis] as number;
  const partOf = channels.flatMap((count, part) => new Array<number>(count).fill(part));
  const sums = channels.map(() => 0);
  (weight.data as Float32Array).forEach((value, i) => {
    const part = partOf[Math.floor(i / stride) % extent] as number;
    sums[part] = (sums[part] as number) + Math.abs(value);
  });
  const perChannel = weight.data.length / extent;
  return sums.map((sum, part) => sum / (perChannel * (channels[part] as number)));
}

/** Each weight in shares of the reader's mean: 1 where all parts are read alike. */
export function relativeWeights(weights: readonly number[]): number[] {
  const mean = average(weights);
  return weights.map((weight) => weight / mean);
}

/** exp of the entropy, divided by the number of parts: 1 where all are read alike, 1 / parts where only one is read. */
export function evenness(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const entropy = weights.reduce(
    (sum, weight) => (weight > 0 ? sum - (weight / total) * Math.log(weight / total) : sum),
    0,
  );
  return Math.exp(entropy) / weights.length;
}

/** Root mean square of the relative weights' distance from 1, over all readers. */
export const spread = (relative: readonly (readonly number[])[]): number =>
  Math.sqrt(average(relative.flatMap((row) => row.map((weight) => (weight - 1) ** 2))));

/**
 * The spread that independent normal weights would have by chance: |w| has the mean σ√(2/π) and the variance σ²(1 − 2/π), so that the mean of
 * m of them deviates by √((π/2 − 1) / m) of itself.
 * @param counts how many weights stand behind each mean
 */
export const spreadByChance = (counts: readonly (readonly number[])[]): number =>
  Math.sqrt(average(counts.flatMap((row) => row.map((count) => (Math.PI / 2 - 1) / count))));

/** Means over the oldest and the newest third of the parts, at least one each. */
export function thirds(relative: readonly number[]): { readonly oldest: number; readonly newest: number } {
  const count = Math.max(1, Math.floor(relative.length / 3));
  return { oldest: average(relative.slice(0, count)), newest: average(relative.slice(-count)) };
}

/** Of no numbers NaN. */
export const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
