/** How long a run will take on this machine, from a trial of its parts. */
import { usualEpochs } from './time-budget/index.ts';
import { type MeasuredTimes, secondsFor } from './time-budget/steps-within.ts';
import { secondsLookingFurther, tryOut } from './time-budget/try-out.ts';
import { trial } from './train.ts';
import type { TrainOptions } from './train-options.ts';

/** What the steps and the validation of a trial may take; a step is tried several times though it is slower. */
export interface TrialSeconds {
  readonly steps: number;
  readonly validation: number;
}

const usual: TrialSeconds = { steps: 6, validation: 2 };

/** What was measured. */
export interface MeasuredRun {
  /** From the call to the first step. */
  readonly startSeconds: number;
  readonly times: MeasuredTimes;
  /** Of a prediction of an image that is read the first time. */
  readonly secondsPerImage: number;
  /** For training and validation. */
  readonly images: number;
}

/**
 * Tries a run's parts, from random weights and without the phases of fine-tuning, and keeps nothing of it. Undefined where the signal came first.
 * @throws what `train` throws
 */
export async function measuredRun(
  { fineTune: _, weights: __, ...plain }: TrainOptions,
  seconds: TrialSeconds = usual,
): Promise<MeasuredRun | undefined> {
  return trial(plain, async (run, open) => {
    const startSeconds = (performance.now() - run.began) / 1000;
    const tried = await tryOut(run, seconds, open);
    const { train, validation } = run.settings.splits;
    return tried && { startSeconds, ...tried, images: train.length + validation.length };
  });
}

/** Seconds of a whole run with these options. */
export function predictedSeconds(
  { startSeconds, times, secondsPerImage, images }: MeasuredRun,
  { fineTune, epochs = usualEpochs(fineTune) }: Pick<TrainOptions, 'epochs' | 'fineTune'>,
): number {
  const steps = epochs * times.stepsPerEpoch;
  // the head trains on features that are computed once, and the report computes them again
  const further = fineTune ? images * secondsPerImage + secondsLookingFurther(images, secondsPerImage) : 0;
  return startSeconds + secondsFor(steps, times, (length) => [{ name: '', epochs: length }]) + further;
}
