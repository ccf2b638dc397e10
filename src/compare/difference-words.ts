/** Differences between networks as sentences. */
import { count } from '../report/index.ts';
import type { Difference } from './differences.ts';

/** 3.1 points; 1 point. */
const points = (share: number): string => {
  const text = (100 * share).toFixed(1);
  return `${text === '-0.0' ? '0.0' : text.replace('-', '−')} ${Math.abs(Number(text)) === 1 ? 'point' : 'points'}`;
};

/** 0.0031; below 0.0001 */
const probability = (p: number): string => (p < 0.0001 ? 'below 0.0001' : String(Number(p.toPrecision(2))));

/** resnet20 is 3.1 points more accurate than plain20 (95 % interval 1.2 to 5.0 points, p = 0.004). */
export function differenceWords({ a, b, seeds, mean, interval, corrected, p, isReal }: Difference): string {
  if (!interval || corrected === undefined || p === undefined)
    return `${a} and ${b}: ${points(Math.abs(mean))} apart with one seed, which cannot say whether another seed would agree.`;
  const [first, second] = mean >= 0 ? [a, b] : [b, a];
  const range = mean >= 0 ? interval : { low: -interval.high, high: -interval.low };
  const facts =
    `95 % interval ${points(range.low).replace(/ points?$/, '')} to ${points(range.high)}, p = ${probability(corrected)}`.replace(
      'p = below',
      'p below',
    );
  if (isReal) return `${first} is ${points(Math.abs(mean))} more accurate than ${second} (${facts}).`;
  const because = p < 0.05 ? ', since one of so many pairs may look like this by chance' : '';
  return `${first} and ${second} cannot be told apart over ${seeds} seeds${because}: ${points(Math.abs(mean))} (${facts}).`;
}

/** What all of the sentences stand on. */
export function differenceNotes(differences: readonly Difference[], seeds: number, images: number): string[] {
  if (differences.length === 0) return [];
  const once =
    'Two trainings on the same images, as one seed has them, may be compared by a test over images (McNemar), but that only says whether these weights differ: ' +
    'another seed gives other weights.';
  if (seeds < 2)
    return [
      'With one seed nothing can be said of which network is better: intervals are those of the images alone. Two seeds are the least, three to five are usual (--seeds).',
      once,
    ];
  const tested = differences.filter(({ p }) => p !== undefined).length;
  return [
    `Networks are paired by seed, which has the same split and the same order of images for both; p is that of Student’s paired t test, corrected for ${tested === 1 ? 'one pair' : `${count(tested)} pairs`} (Holm). ` +
      `Intervals are over seeds, on the same ${count(images)} images throughout.`,
    once,
  ];
}
