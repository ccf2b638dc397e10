/** A run's length in epochs and steps, as far as it is known before the first one. */
import { z } from 'zod';
import type { RunUnderWay } from '../run.ts';
import type { Settings } from '../settings.ts';
import type { TrainOptions } from '../train-options.ts';

type RunLength = Pick<Settings, 'ownEpochs' | 'maxMinutes' | 'maxSteps' | 'epochLimit'>;

/** What a run that is gone on with had decided. */
export interface LengthBefore {
  readonly maxSteps: number;
  /** Training samples that an epoch had, and that a step had. */
  readonly samples: number;
  readonly samplesPerStep: number;
}

const recorded = z.looseObject({
  maxSteps: z.int().min(1),
  samples: z.int().min(1),
  batchSize: z.int().min(1),
  accumulate: z.int().min(1).default(1),
});

/** @param recipe of the run's checkpoint */
export function lengthBefore(recipe: Readonly<Record<string, unknown>>): LengthBefore | undefined {
  const { data } = recorded.safeParse(recipe);
  return data && { ...data, samplesPerStep: data.batchSize * data.accumulate };
}

/** Of a run that names none, without those of a head that trains before. */
export const usualEpochs = (fineTune: TrainOptions['fineTune']): number => (fineTune ? 10 : 30);

/**
 * From what was asked for; steps that were decided stay, whatever the clock says now.
 * @param steps of a whole epoch
 */
export function lengthOf(
  { epochs, maxMinutes, maxSteps, fineTune }: Pick<TrainOptions, 'epochs' | 'maxMinutes' | 'maxSteps' | 'fineTune'>,
  steps: number,
  before?: LengthBefore,
): RunLength {
  const usual = epochs ?? usualEpochs(fineTune);
  const isDecided = before !== undefined && (maxSteps === undefined || maxSteps === before.maxSteps);
  const limit = isDecided ? stepsNow(before, steps) : maxSteps;
  if (limit === undefined) return { ownEpochs: usual, maxMinutes, maxSteps: undefined, epochLimit: epochs };
  const ownEpochs = Math.min(epochs ?? Number.POSITIVE_INFINITY, Math.ceil(limit / steps));
  return { ownEpochs, maxMinutes, maxSteps: Math.min(limit, ownEpochs * steps), epochLimit: undefined };
}

/** Where the data has changed since, the same share of its epochs. */
const stepsNow = ({ maxSteps, samples, samplesPerStep }: LengthBefore, steps: number) =>
  Math.ceil((maxSteps * steps) / Math.ceil(samples / samplesPerStep));

/** Whether minutes are to become steps now: the phases begin that they are for. */
export function isLengthOpen({ settings, from, position }: RunUnderWay): boolean {
  const { maxMinutes, maxSteps, epochs, ownEpochs } = settings;
  return maxMinutes !== undefined && maxSteps === undefined && from === epochs - ownEpochs && position.epoch === from;
}
