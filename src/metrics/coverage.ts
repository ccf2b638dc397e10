/**
 * Accuracy where a network may keep silent: it answers the images that it is surest of, and the more it answers the more it errs
 * (El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017).
 */
import { DataError } from '../tensor/index.ts';

/** One threshold of confidence. */
export interface CoveragePoint {
  /** The least confidence that is answered. */
  readonly threshold: number;
  /** Share of the images that are answered. */
  readonly coverage: number;
  /** Of these. */
  readonly accuracy: number;
}

/** How accuracy falls as more is answered. */
export interface Coverage {
  /** From the surest images to all; equal confidences make one point. */
  readonly points: readonly CoveragePoint[];
  /** Mean error over all coverages 1/n, 2/n, …, 1: area under the risk-coverage curve. NaN for no images. */
  readonly aurc: number;
  /** The same, had every correct answer more confidence than every wrong one. */
  readonly bestAurc: number;
}

/**
 * The risk-coverage curve and the area under it (AURC; Geifman, Uziel and El-Yaniv 2019, section 2). Among equal confidences any order is as
 * likely as any other, and the area is the mean over them.
 * @param correct 1 or 0 for each confidence
 * @throws DataError where a confidence is not a number
 */
export function coverage(confidences: Float64Array, correct: ArrayLike<number>): Coverage {
  const unknown = confidences.findIndex(Number.isNaN);
  if (unknown >= 0) throw new DataError(`coverage: expected confidences, got NaN in row ${unknown}`);
  const total = confidences.length;
  const order = Uint32Array.from(confidences.keys()).sort(
    (a, b) => (confidences[b] as number) - (confidences[a] as number) || a - b,
  );
  const points: CoveragePoint[] = [];
  let [area, wrong] = [0, 0];
  for (let from = 0, to = 0; from < total; from = to) {
    const threshold = confidences[order[from] as number] as number;
    let wrongHere = 0;
    for (; to < total && confidences[order[to] as number] === threshold; to++)
      if (!correct[order[to] as number]) wrongHere++;
    const share = wrongHere / (to - from);
    for (let answered = from + 1; answered <= to; answered++) area += (wrong + (answered - from) * share) / answered;
    wrong += wrongHere;
    points.push({ threshold, coverage: to / total, accuracy: 1 - wrong / to });
  }
  let best = 0;
  for (let answered = total - wrong + 1; answered <= total; answered++) best += (answered - (total - wrong)) / answered;
  return { points, aurc: area / total, bestAurc: best / total };
}

/** The most that can be answered with at least this accuracy; undefined where even the surest answers have less. */
export const coverageAt = ({ points }: Coverage, accuracy: number): CoveragePoint | undefined =>
  points.findLast((point) => point.accuracy >= accuracy);

/** At most `most` of the points, evenly by coverage, with the first and the last. */
export function fewerPoints(points: readonly CoveragePoint[], most: number): CoveragePoint[] {
  let next = 0;
  return points.filter(({ coverage }, i) => {
    if (coverage < next && i > 0 && i < points.length - 1) return false;
    next = (Math.floor(coverage * (most - 2)) + 1) / (most - 2);
    return true;
  });
}
