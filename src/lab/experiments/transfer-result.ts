/** What is transferred and distilled, and what comes of it. */
import type { Amount } from '../amounts.ts';
import type { Distillation } from '../arithmetic/distillation-loss.ts';
import type { Curve } from '../arithmetic/steps-to.ts';
import type { StepTraining } from '../training-loop.ts';

/** A training of this experiment. */
interface Length {
  readonly images: number;
  readonly steps: number;
}

export interface TransferSettings extends Pick<StepTraining, 'batchSize' | 'lr' | 'every'> {
  readonly seeds: number;
  /** Fine-tuned, and the student. */
  readonly network: string;
  readonly pretraining: Length;
  readonly target: Length;
  readonly teacher: string;
  readonly teacherAmount: Amount;
  readonly distillation: Distillation & Length;
  /** Test images of each measurement, at most. */
  readonly test: number;
}

export interface TransferResult {
  readonly network: string;
  readonly every: number;
  readonly transfer: {
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly images: number;
    /** Of the training that is transferred, and its accuracy on its own classes. */
    readonly pretraining: Length & { readonly seconds: number; readonly top1: number };
    readonly scratch: readonly Curve[];
    readonly tuned: readonly Curve[];
  };
  readonly distillation: Distillation & {
    readonly images: number;
    readonly teacher: { readonly network: string; readonly top1: number; readonly seconds: number };
    /** That the teacher's answers to the training images took. */
    readonly answerSeconds: number;
    readonly alone: readonly Curve[];
    readonly taught: readonly Curve[];
  };
}
