/** Two ways of answering the same images, one beside the other. */
import { type McNemar, mcNemar, type PairedCounts, pairedBootstrap } from '../../metrics/index.ts';
import { Random } from '../../tensor/index.ts';

/** Their difference in accuracy, first minus second. */
export interface PairedDifference {
  readonly mcnemar: McNemar;
  readonly difference: { readonly value: number; readonly low: number; readonly high: number };
}

/**
 * @param first 1 or 0 for each image
 * @param second the same, of the same images
 * @param seed of the bootstrap
 */
export function pairedDifference(first: ArrayLike<number>, second: ArrayLike<number>, seed: number): PairedDifference {
  const { b, c, total } = pairedCounts(first, second);
  const interval = pairedBootstrap({ b, c, total }, { random: new Random(`${seed}/paired bootstrap`) });
  return { mcnemar: mcNemar(b, c), difference: { value: (b - c) / total, ...interval } };
}

function pairedCounts(first: ArrayLike<number>, second: ArrayLike<number>): PairedCounts {
  let [b, c] = [0, 0];
  for (let row = 0; row < first.length; row++) {
    if (first[row] && !second[row]) b++;
    if (!first[row] && second[row]) c++;
  }
  return { b, c, total: first.length };
}

/** Whether chance alone hardly makes such a difference: McNemar's test at 5 %, and an interval without 0. */
export const isReal = ({ mcnemar, difference: { low, high } }: PairedDifference): boolean =>
  mcnemar.p < 0.05 && (low > 0 || high < 0);

/**
 * Which of two is better, or that no difference can be seen: a sentence.
 * @param names of the first and the second
 */
export function verdictOf(paired: PairedDifference, [first, second]: readonly [string, string]): string {
  const { mcnemar, difference } = paired;
  const { b, c, p } = mcnemar;
  const isFirst = difference.value > 0;
  const [low, high] = isFirst ? [difference.low, difference.high] : [-difference.high, -difference.low];
  const points = (share: number) => (100 * share).toFixed(2);
  const counts = `${b} images only the first has right, ${c} only the second; McNemar’s p ${probability(p)}`;
  if (!isReal(paired))
    return `No difference can be seen: ${points(difference.low)} to ${points(difference.high)} points at 95 % (${counts}).`;
  const [better, worse] = isFirst ? [first, second] : [second, first];
  return (
    `${better} is better than ${worse} by ${points(Math.abs(difference.value))} points, ` +
    `${points(low)} to ${points(high)} at 95 % (${counts}).`
  );
}

/** = 0.012, < 0.0001 */
const probability = (p: number) => (p < 0.0001 ? '< 0.0001' : `= ${p.toPrecision(2)}`);
