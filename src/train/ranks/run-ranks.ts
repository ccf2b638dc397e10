/** The ranks that train a run together, and which part of each batch is this one's. */
import type { Ranks } from '../../engines/index.ts';
import type { StepRanks } from '../../step/index.ts';

export interface RunRanks {
  readonly ranks: Ranks;
  /** Whether batch norm takes the statistics of all ranks' images, instead of its own. */
  readonly syncBatchNorm: boolean;
}

/** What rank 0 may take to write, to a slow disk or over a network. */
export const writingSeconds = 600;

/** What decides which rows are whose. */
interface SharedBatch {
  /** Images of the whole batch. */
  readonly batchSize: number;
  /** Undefined where one process trains alone. */
  readonly ranks?: RunRanks | undefined;
}

/** This rank's rows of a batch of `of`: those from `from` on, `count` of them. */
export interface OwnRows {
  readonly from: number;
  readonly count: number;
  readonly of: number;
}

/** Of `count` things shared out in their order, those of each rank: how many, as even as can be. */
const sharesOf = (count: number, size: number): number[] =>
  Array.from({ length: size }, (_, rank) => startOf(count, size, rank + 1) - startOf(count, size, rank));

/** Where a rank's share begins. */
const startOf = (count: number, size: number, rank: number): number => Math.floor((count * rank) / size);

/** All of them without ranks. */
export function ownRows({ batchSize, ranks }: SharedBatch): OwnRows {
  if (!ranks) return { from: 0, count: batchSize, of: batchSize };
  const { rank, size } = ranks.ranks;
  const from = startOf(batchSize, size, rank);
  return { from, count: startOf(batchSize, size, rank + 1) - from, of: batchSize };
}

/** What the step's programs must know. */
export function stepRanks({ batchSize, ranks }: SharedBatch): StepRanks | undefined {
  if (!ranks) return undefined;
  const { rank, size } = ranks.ranks;
  return { rank, samples: sharesOf(batchSize, size), syncBatchNorm: ranks.syncBatchNorm };
}
