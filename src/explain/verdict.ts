/** What the checks of a map say, in words. */
import type { RandomScores } from './explanation.ts';
import type { Curves } from './insertion-deletion.ts';
import type { StageLikeness } from './randomisation.ts';

/** Rank correlations below the first are those of another map, above the second those of much the same. */
const [another, same] = [0.3, 0.6];

/** One sentence where a map says nothing, else two: whether the pixels matter, and whether the map depends on the weights. */
export function verdict(
  map: Float32Array,
  scores: Pick<Curves, 'insertion' | 'deletion'> & { readonly random: RandomScores },
  randomised: readonly StageLikeness[],
): string {
  if (!map.some((value) => value > 0)) return 'The map is empty: nothing that this method sees speaks for the label.';
  if (map.every((value) => value === map[0]))
    return 'The map is the same everywhere: it has no order, so whether it marks what matters cannot be told.';
  return `${pixelsInWords(scores)} ${weightsInWords(randomised)}`.trim();
}

/** Whether pixels that are marked matter more than those that random maps mark. */
function pixelsInWords({
  insertion,
  deletion,
  random,
}: Pick<Curves, 'insertion' | 'deletion'> & { readonly random: RandomScores }): string {
  const suffices = insertion > random.best.insertion;
  const isNeeded = deletion < random.best.deletion;
  if (suffices && isNeeded)
    return 'What it marks matters: the label comes sooner with these pixels, and goes sooner without them, than with those of any random map.';
  if (suffices)
    return 'What it marks suffices, but is not needed: the label comes sooner with these pixels than with random ones, but goes no sooner without them.';
  if (isNeeded)
    return 'What it marks is needed, but does not suffice: the label goes sooner without these pixels than without random ones, but comes no sooner with them.';
  return 'What it marks matters no more than random pixels do: do not rely on it.';
}

/** Whether the map, which is not flat itself, is another one once all weights are new. */
function weightsInWords(randomised: readonly StageLikeness[]): string {
  const last = randomised.at(-1);
  if (!last) return '';
  if (last.correlation === undefined) return 'It depends on the weights: with new ones nothing is left of it.';
  const size = Math.abs(last.correlation);
  const number = `rank correlation ${last.correlation.toFixed(2)}`;
  if (size < another) return `It depends on the weights: with new ones it is another map (${number}).`;
  if (last.correlation < 0)
    return size < same
      ? `It depends on the weights: with new ones its order is partly reversed (${number}).`
      : `With new weights its order is nearly reversed (${number}): it depends on them, but follows the same shapes, so part of it shows the image rather than what was learned.`;
  if (size < same) return `It depends on the weights in part: with new ones some of it stays (${number}).`;
  return `It hardly depends on the weights: with new ones it stays much the same (${number}), so it shows the image rather than what was learned.`;
}
