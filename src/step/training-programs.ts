import type { Program } from '../ir/index.ts';
import { gradientsProgram, updateProgram } from './step-halves.ts';
import type { StepOptions } from './step-options.ts';
import { predictionProgram, stepProgram } from './step-program.ts';
import { averagedPrediction } from './update-parameters.ts';

/** What training compiles. All entry points share one state. */
export interface TrainingPrograms {
  /** `predict`, and `step` or its halves `gradients` and `update`. */
  readonly entries: Readonly<Record<string, Program>>;
  /** What each batch goes through: the step, or its first half. */
  readonly batch: Program;
  /** Has every entry of the state: the step, or its second half. */
  readonly whole: Program;
  /** What evaluations run: with averages in place of weights, where there are some. */
  readonly predict: Program;
  /** The network's own prediction, which checkpoints carry. */
  readonly network: Program;
}

/** @param accumulate batches whose gradients add up before an update; 1: the step is whole, unless several ranks' gradients add up */
export function trainingPrograms(options: StepOptions, accumulate = 1): TrainingPrograms {
  const network = predictionProgram(options);
  const isWhole = accumulate === 1 && options.ranks === undefined;
  const batch = isWhole ? stepProgram(options) : gradientsProgram(options, accumulate === 1);
  const whole = isWhole ? batch : updateProgram(batch, options);
  const predict = options.average ? averagedPrediction(network, whole) : network;
  const halves = isWhole ? { step: batch } : { gradients: batch, update: whole };
  return { entries: { ...halves, predict }, batch, whole, predict, network };
}
