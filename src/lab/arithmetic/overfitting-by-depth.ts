/** What the shallowest and the deepest of some networks say of overfitting. */
import { differenceOf, type Estimate } from './estimate.ts';
import { type Answers, errorOf, gapOf } from './gap.ts';

/** A network with its answers. */
export interface FittedNetwork {
  readonly network: string;
  readonly depth: number;
  readonly train: Answers;
  readonly test: Answers;
}

/** From the shallowest to the deepest. */
export interface DepthComparison<Run extends FittedNetwork> {
  readonly shallow: Run;
  readonly deep: Run;
  /** How much larger the deep one's gap is, and its test error. */
  readonly gap: Estimate;
  readonly test: Estimate;
}

/** Undefined where there are not two depths. */
export function byDepth<Run extends FittedNetwork>(runs: readonly Run[]): DepthComparison<Run> | undefined {
  const ordered = [...runs].sort((a, b) => a.depth - b.depth);
  const [shallow, deep] = [ordered[0], ordered.at(-1)];
  if (!shallow || !deep || shallow.depth === deep.depth) return undefined;
  return {
    shallow,
    deep,
    gap: differenceOf(gapOf(deep), gapOf(shallow)),
    test: differenceOf(errorOf(deep.test), errorOf(shallow.test)),
  };
}
