/** What a finished run came to, as plain data: from its result and what its folder measured, whatever calls it took. */
import type { Measurement, Run } from '../train/index.ts';

/** An epoch of a run. */
export interface EpochOutcome {
  /** Counted from 1. */
  readonly epoch: number;
  readonly train: { readonly loss: number; readonly top1: number };
  readonly validation: { readonly loss: number; readonly top1: number };
  /** With its validation. */
  readonly seconds: number;
}

/** What a run came to. */
export interface RunOutcome {
  readonly stopped: 'finished' | 'patience';
  /** The last of which is cut short where the run had only so much time. */
  readonly epochs: readonly EpochOutcome[];
  /** Of training, in all. */
  readonly steps: number;
  /** The epoch with the highest validation accuracy. */
  readonly best: { readonly epoch: number; readonly top1: number };
  /** Of the best epoch's weights, on the test images or, where the data has none, on those that picked the epoch. */
  readonly score: {
    readonly split: 'test' | 'validation';
    readonly loss: number;
    readonly top1: number;
    readonly correct: number;
    readonly total: number;
  };
  /** Of all epochs, with their validation. */
  readonly seconds: number;
  /** Of the training steps alone. */
  readonly imagesPerSecond: number;
  /** The most memory of the engine's process; where it has none, of the run's. */
  readonly peakBytes: number;
  /** The most memory of the run's process, which prepares images. */
  readonly processBytes: number;
  readonly engine: string;
  readonly precision: string;
  readonly threads: number;
}

/** Why a run has no result. */
export interface RunFailure {
  readonly message: string;
  readonly hint?: string;
}

/** What an epoch of a run is. */
export interface RunSizes {
  /** Training samples of a whole epoch. */
  readonly samples: number;
  readonly samplesPerStep: number;
}

/**
 * @param measured what the run's folder has, oldest first
 * @param processBytes the most memory of this process
 */
export function outcomeOf(
  run: Run,
  measured: readonly Measurement[],
  sizes: RunSizes,
  processBytes: number,
): RunOutcome {
  const { test, engine, precision, threads, peakBytes } = run;
  const epochs = measured.flatMap((one) => (one.kind === 'epoch' ? [one] : []));
  const best = epochs.find(({ epoch }) => epoch === run.best?.epoch) ?? epochs.at(-1);
  if (!best) throw new Error(`${run.folder}: a finished run has measured no epoch`);
  const { loss, top1, correct, total } = test?.best ?? best.validation;
  const imagesPerSecond = paceOf(measured);
  const secondsOf = (images: number) => (imagesPerSecond > 0 ? images / imagesPerSecond : 0);
  const shown = epochs.map((one, i) => ({
    epoch: one.epoch,
    train: { loss: one.train.loss, top1: one.train.top1 },
    validation: { loss: one.validation.loss, top1: one.validation.top1 },
    // of an epoch that a later call went on within, only what came then was timed
    seconds: one.seconds + secondsOf(Math.max(0, imagesOf(one, epochs[i - 1], sizes) - one.images)),
  }));
  return {
    stopped: run.stopped === 'patience' ? 'patience' : 'finished',
    epochs: shown,
    steps: epochs.at(-1)?.step ?? 0,
    best: { epoch: best.epoch, top1: best.validation.top1 },
    score: { split: test ? 'test' : 'validation', loss, top1, correct, total },
    seconds: shown.reduce((sum, { seconds }) => sum + seconds, 0),
    imagesPerSecond,
    peakBytes: peakBytes > 0 ? peakBytes : processBytes,
    processBytes,
    engine,
    precision,
    threads,
  };
}

/** Images per second over all training steps that were timed; where the only epoch went on with none left, as was last logged; 0 where nothing was. */
function paceOf(measured: readonly Measurement[]): number {
  const timed = measured.flatMap((one) => (one.kind === 'epoch' && one.images > 0 ? [one] : []));
  const seconds = timed.reduce((sum, { images, imagesPerSecond }) => sum + images / imagesPerSecond, 0);
  if (timed.length > 0) return timed.reduce((sum, { images }) => sum + images, 0) / seconds;
  const steps = measured.flatMap((one) => (one.kind === 'step' ? [one.imagesPerSecond] : []));
  return steps.at(-1) ?? 0;
}

/** The last epoch of a run of so many steps may have fewer. */
const imagesOf = (
  { step }: { readonly step: number },
  before: { readonly step: number } | undefined,
  { samples, samplesPerStep }: RunSizes,
): number => Math.min(samples, (step - (before?.step ?? 0)) * samplesPerStep);
