/**
 * Labels that look wrong, by confident learning (Northcutt, Jiang and Chuang 2021, arXiv:1911.00068, section 3.1): a classifier that was not
 * fitted on an image is confident of another class than its label.
 */
import type { Features } from './feature-products.ts';
import { type OutOfFoldOptions, outOfFoldProbabilities } from './out-of-fold.ts';

export interface DoubtfulLabel {
  /** Which row of the features. */
  readonly sample: number;
  readonly label: number;
  /** The class that it looks like. */
  readonly likelier: number;
  /** Out of fold: the probability of each of the two. */
  readonly confidence: { readonly label: number; readonly likelier: number };
}

export type DoubtfulLabelsOptions = OutOfFoldOptions & { readonly features: Features };

/**
 * Fits a classifier out of fold and names the samples whose labels it doubts, the most doubtful first.
 * @throws DataError, ShapeError, as `fitLogisticRegression`
 */
export function findDoubtfulLabels(options: DoubtfulLabelsOptions): DoubtfulLabel[] {
  const { probabilities } = outOfFoldProbabilities(options);
  return doubtfulLabels(probabilities, options.labels, options.classes);
}

/**
 * The same from probabilities, [samples × classes], of a classifier that did not see the samples. A class counts for a sample where its
 * probability is at least the mean that samples of its own label give it, so that a class of which the classifier is never sure is held to
 * less. The likeliest such class is what the sample looks like; where that is not its label, it is doubtful. The order is by how much
 * more probable the other class is.
 */
export function doubtfulLabels(
  probabilities: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
): DoubtfulLabel[] {
  const thresholds = meanSelfConfidence(probabilities, labels, classes);
  const doubtful: DoubtfulLabel[] = [];
  for (let sample = 0; sample < labels.length; sample++) {
    const row = probabilities.subarray(sample * classes, (sample + 1) * classes);
    const label = labels[sample]!;
    let likelier = -1;
    for (let c = 0; c < classes; c++) {
      if (row[c]! >= thresholds[c]! && (likelier < 0 || row[c]! > row[likelier]!)) likelier = c;
    }
    if (likelier < 0 || likelier === label || row[likelier]! <= row[label]!) continue;
    doubtful.push({ sample, label, likelier, confidence: { label: row[label]!, likelier: row[likelier]! } });
  }
  const margin = ({ confidence }: DoubtfulLabel) => confidence.likelier - confidence.label;
  return doubtful.sort((a, b) => margin(b) - margin(a) || a.sample - b.sample);
}

/** [classes]: the mean probability that samples get for their own label; a class without samples is never confident. */
function meanSelfConfidence(probabilities: Float64Array, labels: ArrayLike<number>, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    sums[labels[i]!]! += probabilities[i * classes + labels[i]!]!;
    counts[labels[i]!]!++;
  }
  return sums.map((sum, c) => (counts[c] === 0 ? Number.POSITIVE_INFINITY : sum / counts[c]!));
}
