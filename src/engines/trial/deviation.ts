/** How far an engine's numbers are from the evaluator's. */
import { EngineError } from '../../tensor/index.ts';

type Numbers = ArrayLike<number>;

/** What one of an engine's results is, beside what it should be. */
export interface Deviation {
  /** Such as ``a training step of a small residual network: `loss` of the first step``. */
  readonly what: string;
  /** ‖given − expected‖ / ‖expected‖, or / ‖expected − start‖ where it is state. */
  readonly distance: number;
  /** Where the difference is the largest. */
  readonly at: number;
  readonly expected: number;
  readonly given: number;
}

/**
 * The distance of `given` from `expected`. A state is measured by what should have changed since `start`: a wrong gradient changes a
 * weight by little. @throws EngineError where they are not as many
 */
export function deviationOf(what: string, given: Numbers, expected: Numbers, start?: Numbers): Deviation {
  if (given.length !== expected.length)
    throw new EngineError(`${what}: expected ${expected.length} numbers, but got ${given.length}`);
  let [largest, at, difference, length] = [0, 0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    const wanted = expected[i] as number;
    const off = Math.abs((given[i] as number) - wanted);
    difference += off ** 2;
    length += (wanted - (start?.[i] ?? 0)) ** 2;
    // also the first that is no number
    if (!(off <= largest)) [largest, at] = [Number.isNaN(off) ? Number.POSITIVE_INFINITY : off, i];
  }
  const distance = difference === 0 ? 0 : Math.sqrt(difference / length);
  return { what, distance, at, expected: expected[at] as number, given: given[at] as number };
}

/** @throws EngineError where the distance is larger than `tolerance`, or no number */
export function expectWithin(tolerance: number, { what, distance, at, expected, given }: Deviation): void {
  if (distance <= tolerance) return;
  const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
  throw new EngineError(
    `${what}: expected ${expected.toPrecision(6)} at ${at}, but got ${given.toPrecision(6)}; in all ${percent(distance)} apart, where rounding explains ${percent(tolerance)}`,
  );
}
