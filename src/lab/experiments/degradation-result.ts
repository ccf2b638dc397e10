/** What trainings of several depths give, and what becomes of their errors with depth. */
import { differenceOf, type Estimate, signOf } from '../arithmetic/estimate.ts';
import { errorOf } from '../arithmetic/gap.ts';
import type { TrainedRecord } from '../laboratory.ts';

export interface DegradationResult {
  /** Training images. */
  readonly images: number;
  readonly runs: readonly TrainedRecord[];
}

/** Without shortcuts, and with them. */
export type DepthFamily = 'plain' | 'resnet';

/** A shallow and a deep network of one family, and the deep one's errors beyond the shallow one's. */
export interface DepthStep {
  readonly family: DepthFamily;
  readonly shallow: TrainedRecord;
  readonly deep: TrainedRecord;
  readonly training: Change;
  readonly test: Change;
}

export interface Change {
  /** Errors as shares. */
  readonly shallow: number;
  readonly deep: number;
  /** Its interval knows of the images alone. */
  readonly difference: Estimate;
  /** 'unclear' where the interval holds 0, or an error was not measured. */
  readonly verdict: 'worse' | 'better' | 'unclear';
}

/** 56 layers against 20, where both are there. */
export function depthStep({ runs, images }: DegradationResult, family: DepthFamily): DepthStep | undefined {
  const [shallow, deep] = [20, 56].map((depth) => runs.find(({ network }) => network === `${family}${depth}`));
  if (!shallow || !deep) return undefined;
  const trained = ({ epochs }: TrainedRecord) => ({ top1: epochs.at(-1)?.train.top1 ?? null, total: images });
  return {
    family,
    shallow,
    deep,
    training: change(trained(shallow), trained(deep)),
    test: change(shallow.test, deep.test),
  };
}

/** As JSON has it: null where it was not finite. */
interface Measured {
  readonly top1: number | null;
  readonly total: number;
}

function change(shallow: Measured, deep: Measured): Change {
  const [before, after] = [measured(shallow), measured(deep)];
  const difference = differenceOf(after, before);
  const sign = signOf(difference);
  const verdict = sign === 'above' ? 'worse' : sign === 'below' ? 'better' : 'unclear';
  return { shallow: before.value, deep: after.value, difference, verdict };
}

const measured = ({ top1, total }: Measured): Estimate =>
  top1 === null ? { value: Number.NaN, low: Number.NaN, high: Number.NaN } : errorOf({ top1, total });

/** How much more depth costs the plain network than the residual one, in training error. */
export interface Contrast {
  readonly difference: Estimate;
  readonly verdict: 'plain loses more' | 'residual loses more' | 'unclear';
}

export function contrast(plain: DepthStep, residual: DepthStep): Contrast {
  const difference = differenceOf(plain.training.difference, residual.training.difference);
  const sign = signOf(difference);
  const verdict = sign === 'above' ? 'plain loses more' : sign === 'below' ? 'residual loses more' : 'unclear';
  return { difference, verdict };
}
