/** What a network came to over its seeds. */
import { tInterval, wilsonInterval } from '../metrics/index.ts';
import type { KeptNetwork, KeptRun } from './comparison-state.ts';
import { paretoFront } from './pareto-front.ts';
import type { RunFailure, RunOutcome } from './run-outcome.ts';

/** An accuracy with its 95 % interval, shares from 0 to 1. */
export interface ComparedAccuracy {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Over seeds, Student's t: where the mean of many such trainings would be. Over images, Wilson's: of this one training on many such images. */
  readonly over: 'seeds' | 'images';
}

/** A training of a network. */
export interface ComparedRun {
  readonly seed: number;
  /** The path of its run folder. */
  readonly folder: string;
  /** Left out where it is not done. */
  readonly outcome?: RunOutcome;
  readonly failure?: RunFailure;
}

/** A network, and what is known of it so far; what nothing is known of is left out. */
export interface ComparedNetwork {
  readonly name: string;
  /** Trainings that are done. */
  readonly seeds: number;
  readonly top1?: ComparedAccuracy;
  readonly params: number;
  /** Multiply-adds of the forward pass of one image. */
  readonly macs: number;
  /** Of training steps; the mean over seeds. */
  readonly imagesPerSecond?: number;
  /** The most memory of the engine's process while training; the most of all seeds. */
  readonly peakBytes?: number;
  /** The same of the process that prepares images. */
  readonly processBytes?: number;
  /** Epochs that a training had; the mean over seeds. */
  readonly epochs?: number;
  /** Of a training with its validation, without start and test; the mean over seeds. */
  readonly seconds?: number;
  /** Until a training first had the validation accuracy that all reach; the mean over seeds. */
  readonly secondsToTarget?: number;
  /** Whether no other network is as accurate for less. */
  readonly pareto: { readonly macs: boolean; readonly params: boolean; readonly seconds: boolean };
  readonly runs: readonly ComparedRun[];
}

/** A validation accuracy that every finished training reached: the lowest of their best ones. Undefined where none is done. */
export function commonAccuracy(outcomes: readonly RunOutcome[]): number | undefined {
  return outcomes.length === 0 ? undefined : Math.min(...outcomes.map(({ best }) => best.top1));
}

/** Seconds of training until its validation first had `accuracy`; undefined where it never had. */
export function secondsTo({ epochs }: Pick<RunOutcome, 'epochs'>, accuracy: number): number | undefined {
  let seconds = 0;
  for (const epoch of epochs) {
    seconds += epoch.seconds;
    if (epoch.validation.top1 >= accuracy) return seconds;
  }
  return undefined;
}

/** @param pathOf the run folder */
export function networkResults(
  networks: readonly KeptNetwork[],
  runs: readonly KeptRun[],
  pathOf: (run: KeptRun) => string,
): ComparedNetwork[] {
  const target = commonAccuracy(runs.flatMap(({ outcome }) => outcome ?? []));
  const results = networks.map(({ name, params, macs }) => {
    const own = runs.filter(({ network }) => network === name);
    const outcomes = own.flatMap(({ outcome }) => outcome ?? []);
    const shown = own.map((run) => ({
      seed: run.seed,
      folder: pathOf(run),
      ...(run.outcome && { outcome: run.outcome }),
      ...(run.failure && { failure: run.failure }),
    }));
    return { name, seeds: outcomes.length, params, macs, ...meansOf(outcomes, target), runs: shown };
  });
  const gain = ({ top1 }: { readonly top1?: ComparedAccuracy }) => top1?.mean ?? Number.NaN;
  const front = (cost: (result: (typeof results)[number]) => number | undefined) =>
    paretoFront(results.map((result) => ({ gain: gain(result), cost: cost(result) ?? Number.NaN })));
  const fronts = {
    macs: front(({ macs }) => macs),
    params: front(({ params }) => params),
    seconds: front(({ seconds }) => seconds),
  };
  return results.map((result, i) => ({
    ...result,
    pareto: { macs: fronts.macs[i] ?? false, params: fronts.params[i] ?? false, seconds: fronts.seconds[i] ?? false },
  }));
}

function meansOf(outcomes: readonly RunOutcome[], target: number | undefined) {
  const [first] = outcomes;
  if (!first || target === undefined) return {};
  const mean = (of: (outcome: RunOutcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / outcomes.length;
  return {
    top1: accuracyOf(outcomes, first),
    imagesPerSecond: mean(({ imagesPerSecond }) => imagesPerSecond),
    peakBytes: Math.max(...outcomes.map(({ peakBytes }) => peakBytes)),
    processBytes: Math.max(...outcomes.map(({ processBytes }) => processBytes)),
    epochs: mean(({ epochs }) => epochs.length),
    seconds: mean(({ seconds }) => seconds),
    secondsToTarget: mean((outcome) => secondsTo(outcome, target) ?? outcome.seconds),
  };
}

function accuracyOf(outcomes: readonly RunOutcome[], { score }: RunOutcome): ComparedAccuracy {
  if (outcomes.length === 1) return { mean: score.top1, ...wilsonInterval(score.correct, score.total), over: 'images' };
  const { mean, low, high } = tInterval(outcomes.map((outcome) => outcome.score.top1));
  return { mean, low: Math.max(0, low), high: Math.min(1, high), over: 'seeds' };
}
