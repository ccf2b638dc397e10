/** How many images a step takes where that is left open: as many as the memory holds and the data pays for. */
import { plan } from '../ir/index.ts';
import { type StepOptions, stepProgram } from '../step/index.ts';
import { ConfigError } from '../tensor/index.ts';

/** An epoch of fewer steps gives a schedule little to work on. */
const leastSteps = 16;
/** Batch norms measure poorly on fewer. */
const least = 8;
/** The rate of 0.1 that is usual goes with up to 256 images (He et al. 2015, arXiv 1512.03385, §3.4); more need another (Goyal et al. 2017). */
const most = 256;
/** Engines hold more than the plan says, and decoded images are kept beside it. */
const shareOfMemory = 0.5;

export interface AutoBatchSize {
  /** A power of two, or all samples where there are fewer than 8. */
  readonly batchSize: number;
  /** What kept it from being larger. */
  readonly reason: string;
}

/**
 * @param step what is trained; its own batch size does not count
 * @param samples of an epoch
 * @param memoryBytes that are free
 * @throws ConfigError where one image is too many for the memory
 */
export function autoBatchSize(
  step: Omit<StepOptions, 'batchSize'>,
  { samples, accumulate, memoryBytes }: { samples: number; accumulate: number; memoryBytes: number },
): AutoBatchSize {
  const wanted = Math.max(least, Math.min(most, Math.floor(samples / (accumulate * leastSteps))));
  const limit = memoryBytes * shareOfMemory;
  const first = Math.min(samples, 2 ** Math.floor(Math.log2(wanted)));
  for (let batchSize = first; batchSize >= 1; batchSize = largestPowerBelow(batchSize)) {
    const { stateBytes, peakActivationBytes } = plan(stepProgram({ ...step, batchSize }));
    if (stateBytes + peakActivationBytes > limit) continue;
    const isLess = batchSize < first;
    const reason = isLess
      ? 'what half of the free memory has room for'
      : first < most
        ? `so that an epoch has ${leastSteps} steps or more`
        : 'the most that the usual rate is for';
    return { batchSize, reason };
  }
  throw new ConfigError(
    `train: \`batchSize\` is to fit the memory, but a step on one image is planned with more than half of the ${(memoryBytes / 1e9).toFixed(1)} GB that are free`,
    'choose a smaller network or --image-size, or --recompute dense; or say how many: --batch-size 1',
  );
}

const largestPowerBelow = (size: number) => (size > 1 ? 2 ** Math.ceil(Math.log2(size) - 1) : 0);
