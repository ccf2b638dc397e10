/** What trainings of several depths give, and what becomes of their errors with depth. */
import { shareDifference } from '../arithmetic/share-difference.ts';
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
  readonly difference: number;
  /** Half of its 95 % interval, which knows of the images alone. */
  readonly margin: number;
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
  const share = ({ top1, total }: Measured) => ({ share: 1 - (top1 ?? Number.NaN), of: total });
  const [before, after] = [share(shallow), share(deep)];
  const { difference, margin, larger } = shareDifference(after, before);
  const verdict = larger === 'first' ? 'worse' : larger === 'second' ? 'better' : 'unclear';
  return { shallow: before.share, deep: after.share, difference, margin, verdict };
}

/** How much more depth costs the plain network than the residual one, in training error. */
export interface Contrast {
  readonly difference: number;
  readonly margin: number;
  readonly verdict: 'plain loses more' | 'residual loses more' | 'unclear';
}

export function contrast(plain: DepthStep, residual: DepthStep): Contrast {
  const difference = plain.training.difference - residual.training.difference;
  const margin = Math.hypot(plain.training.margin, residual.training.margin);
  const verdict = difference > margin ? 'plain loses more' : difference < -margin ? 'residual loses more' : 'unclear';
  return { difference, margin, verdict };
}
