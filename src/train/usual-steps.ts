/** Batch size, rate and warm-up of a run that names none: by how many images there are. */
import { z } from 'zod';
import type { Optimiser } from '../nn/index.ts';

/** What a run takes where the person says nothing. */
export interface UsualSteps {
  /** Images of a batch. */
  readonly batchSize: number;
  /** The highest learning rate. */
  readonly lr: number;
  /** Share of the run in which the rate rises. */
  readonly warmup: number;
}

/** What decides it. */
export interface StepFacts {
  /** Training images. */
  readonly samples: number;
  /** Where the person named it. */
  readonly batchSize: number | undefined;
  readonly accumulate: number;
  readonly epochs: number;
  readonly optimiser: Optimiser;
}

/** Of the published recipes for small images (He et al. 2015, §4.2). */
const published = { batchSize: 128, lr: 0.1 };
/** Smaller batches give batch norms too few images to measure. */
const smallestBatch = 16;
/** With fewer, running statistics and weights are still far from each other when an epoch ends. */
const stepsOfAnEpoch = 20;
/** Goyal et al. 2017, arXiv 1706.02677, §2.2: five epochs; of a short run not more than a tenth. */
const warmupEpochs = 5;
const largestWarmup = 0.1;

/** The largest power of two from 16 to 128 that leaves an epoch twenty steps; 16 where none does. */
function usualBatchSize(samples: number): number {
  let batchSize = published.batchSize;
  while (batchSize > smallestBatch && samples < stepsOfAnEpoch * batchSize) batchSize /= 2;
  return Math.min(batchSize, samples);
}

/** Smaller batches than the published one get as much less of its rate (Goyal et al. 2017, §2.1), larger ones no more. */
export function usualSteps({ samples, accumulate, epochs, optimiser, ...given }: StepFacts): UsualSteps {
  const batchSize = given.batchSize ?? usualBatchSize(samples);
  const share = Math.min(1, (batchSize * accumulate) / published.batchSize);
  const lr = optimiser.usualRate ?? published.lr * share;
  return { batchSize, lr, warmup: Math.min(largestWarmup, warmupEpochs / epochs) };
}

const recordedSteps = z.object({
  batchSize: z.int(),
  schedule: z.looseObject({ lr: z.number().optional(), warmup: z.number().optional() }),
});

/** The same for a run that goes on: what its checkpoint records, whatever is usual today. Earlier versions warmed up where told to. */
export function stepsOfRecord(recipe: unknown, facts: StepFacts): UsualSteps {
  const { data } = recordedSteps.safeParse(recipe);
  const usual = usualSteps({ ...facts, batchSize: facts.batchSize ?? data?.batchSize });
  return { ...usual, lr: data?.schedule.lr ?? usual.lr, warmup: data?.schedule.warmup ?? 0 };
}
