/** Mean and variance over the images of all ranks, by one reduction forward and one backward: synchronised batch norm. */
import {
  add,
  allReduce,
  batchStatistics,
  concat,
  divide,
  multiply,
  pad,
  type RankSlices,
  reshape,
  slice,
  subtract,
  sum,
  type Value,
} from '../ir/index.ts';
import { sizeOf, tensor } from '../tensor/index.ts';

/** Images of all ranks together. */
const samplesOf = ({ samples }: RankSlices): number => samples.reduce((total, own) => total + own, 0);

/** Numbers per channel that all ranks have together, where this one has those of x [N, C, …]. */
export function countOverRanks(x: Value, slices: RankSlices): number {
  const own = sizeOf(x.type.shape) / (x.type.shape[1] as number);
  return (own * samplesOf(slices)) / (slices.samples[slices.rank] as number);
}

/**
 * Mean and biased variance [C] of each channel over the x [N, C, …] of all ranks. Every rank measures its own images about their own mean and
 * puts that into its own row of a block that is zero elsewhere, so that the sum over ranks is a table of all rows, of which each rank makes
 * the same statistics; nothing is a difference of two large sums. Which row is its own is all that tells one rank's program from another's
 * but for the number of its images.
 */
export function statisticsOfRanks(x: Value, slices: RankSlices): { mean: Value; variance: Value } {
  const { graph } = x;
  const { rank, samples } = slices;
  const [ranks, channels, total] = [samples.length, x.type.shape[1] as number, samplesOf(slices)];
  const own = batchStatistics(x, { count: countOverRanks(x, slices) });
  const row = reshape(concat([own.mean, own.variance], 0), [1, 2 * channels]);
  const block = pad(row, { before: [rank, 0], after: [ranks - 1 - rank, 0], between: [0, 0] });
  const all = allReduce(block);
  const half = (start: number) => slice(all, { axes: [1], starts: [start], stops: [start + channels], steps: [1] });
  const [means, variances] = [half(0), half(channels)];

  // whole numbers, of which float32 holds what their quotients would lose
  const column = (numbers: readonly number[]) =>
    graph.constant(tensor('float32', [ranks, 1], Float32Array.from(numbers)));
  // with shares of n in N images: mean = Σ share, variance = Σ share + n / N · (its own mean − mean)²
  const mean = sum(means, [0]);
  const apart = subtract(multiply(means, total), multiply(mean, column(samples)));
  const between = divide(multiply(apart, apart), column(samples.map((n) => n * total)));
  return { mean, variance: sum(add(variances, between), [0]) };
}
