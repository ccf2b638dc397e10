/** The ranks that train a run together, and which part of each batch is this one's. */
import { ownPart, type Ranks } from '../../engines/index.ts';
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

/** All of them without ranks. */
export function ownRows({ batchSize, ranks }: SharedBatch): OwnRows {
  if (!ranks) return { from: 0, count: batchSize, of: batchSize };
  const { from, to } = ownPart(batchSize, ranks.ranks);
  return { from, count: to - from, of: batchSize };
}

/** What the step's programs must know. */
export function stepRanks({ batchSize, ranks }: SharedBatch): StepRanks | undefined {
  if (!ranks) return undefined;
  const { rank, size } = ranks.ranks;
  const parts = Array.from({ length: size }, (_, one) => ownPart(batchSize, { rank: one, size }));
  return { rank, samples: parts.map(({ from, to }) => to - from), syncBatchNorm: ranks.syncBatchNorm };
}
