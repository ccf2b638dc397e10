/** How long a run will take on this machine: its first steps, timed. */

import type { StartEvent, StepEvent } from './events.ts';
import { memorySink } from './memory-sink.ts';
import { usualEpochs } from './time-budget/index.ts';
import { train } from './train.ts';
import type { TrainOptions } from './train-options.ts';

/** What is timed, and how long that may take. */
const steps = { before: 2, timed: 3 };
/** Fewer are too short to time. */
const leastSeconds = 2;
const mostSeconds = 20;

/** A forward pass, as a share of a step: the backward one computes two gradients of each layer (Kaplan et al. 2020, §2.1). */
const forward = 1 / 3;

/** What was measured. */
export interface MeasuredSteps {
  /** From the call to the first step. */
  readonly startSeconds: number;
  /** Of a training step, with decoding, per image. */
  readonly secondsPerImage: number;
  readonly waiting: number;
  readonly training: number;
  readonly validation: number;
}

/**
 * Runs a few steps of a run, from random weights, and keeps nothing of them. Undefined where not a single step was done in time.
 * @throws what `train` throws
 */
export async function measuredSteps(options: TrainOptions): Promise<MeasuredSteps | undefined> {
  const { fineTune: _, weights: __, ...plain } = options;
  const stop = new AbortController();
  const began = performance.now();
  let started: StartEvent | undefined;
  let last: StepEvent | undefined;
  // seconds at the end of each step
  const ends: number[] = [];
  const since = () => (performance.now() - began) / 1000;
  const timer = setTimeout(() => stop.abort(), mostSeconds * 1000);
  let ready = 0;
  try {
    await train({
      ...plain,
      out: memorySink(),
      signal: stop.signal,
      callbacks: [
        {
          onStart: (event) => {
            started = event;
            ready = since();
          },
          onStep: (event) => {
            last = event;
            ends.push(since());
            const timed = ends.length - steps.before;
            const from = ends[steps.before - 1] ?? Number.POSITIVE_INFINITY;
            if (timed >= steps.timed && since() - from >= leastSeconds) stop.abort();
          },
          onEpoch: () => 'stop',
        },
      ],
    });
  } finally {
    clearTimeout(timer);
  }
  if (!started || !last) return undefined;
  const skipped = Math.min(steps.before, ends.length - 1);
  const from = skipped > 0 ? (ends[skipped - 1] as number) : ready;
  const images = Math.min(started.samples, started.batchSize) * (ends.length - skipped);
  return {
    startSeconds: ready,
    secondsPerImage: ((ends.at(-1) as number) - from) / images,
    waiting: last.waiting,
    training: started.samples,
    validation: started.validation.images,
  };
}

/** Seconds of a whole run with these options, whose test split has `test` images. */
export function predictedSeconds(
  measured: MeasuredSteps,
  { fineTune, epochs = usualEpochs(fineTune) }: Pick<TrainOptions, 'epochs' | 'fineTune'>,
  test: number,
): number {
  const { startSeconds, secondsPerImage, waiting, training, validation } = measured;
  // what waits for images waits for those of validation too
  const measure = secondsPerImage * (waiting + (1 - waiting) * forward);
  const features = fineTune ? (training + validation) * measure : 0;
  // the best epoch's weights and the last one's
  const atEnd = 2 * test * measure;
  return startSeconds + features + epochs * (training * secondsPerImage + validation * measure) + atEnd;
}
