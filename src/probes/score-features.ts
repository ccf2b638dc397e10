/** How well classes can be told by features alone: a linear probe and a vote of nearest neighbours. */
import { DataError, Random } from '../tensor/index.ts';
import { classProbabilities, fitLogisticRegression } from './logistic-regression.ts';
import { nearestNeighbours, votedLabels } from './nearest-neighbours.ts';
import { type FeatureRows, rowsOf } from './unit-rows.ts';

/** Features of samples whose classes are known. */
export interface LabelledFeatures extends FeatureRows {
  /** [rows]: indices of classes. */
  readonly labels: Int32Array;
}

/** What `scoreFeatures` compares. */
export interface FeatureScoreOptions {
  /** What the probe is fitted to, and among which neighbours are sought. */
  readonly known: LabelledFeatures;
  /** What is scored. Default: `known` itself, each row by what is known of the others. */
  readonly asked?: LabelledFeatures;
  readonly classes: number;
  /** Neighbours that vote; default 5. */
  readonly k?: number;
  /** The probe's penalty: λ of `fitLogisticRegression`. */
  readonly l2?: number;
  /** Of the folds; default 0. */
  readonly seed?: number;
}

/** Rows whose class was told right. */
export interface FeatureScore {
  /** Their share, 0 to 1. */
  readonly top1: number;
  readonly correct: number;
  readonly total: number;
}

/** Both scores. */
export interface FeatureScores {
  /** Folds of the cross validation; undefined where other rows are scored than those that the probe was fitted to. */
  readonly folds: number | undefined;
  readonly probe: FeatureScore;
  readonly nearest: FeatureScore & { readonly k: number };
}

/** Of a cross validation, as far as there are rows. */
const usualFolds = 5;

/**
 * The share of rows whose class a linear classifier tells (multinomial logistic regression on standardised features), and that of the vote
 * of their `k` nearest neighbours by cosine. Without `asked` the probe is cross-validated in 5 folds with the same shares of each class, and
 * a row is no neighbour of its own. Deterministic: the folds come from `seed`.
 * @throws DataError where fewer than 2 classes are known, or there is nothing to score
 */
export function scoreFeatures(options: FeatureScoreOptions): FeatureScores {
  const { known, asked, classes, k = 5, l2, seed = 0 } = options;
  const rows = rowsOf('scoreFeatures', known);
  if (new Set(known.labels).size < 2 || (asked && rowsOf('scoreFeatures', asked) === 0))
    throw new DataError(
      'scoreFeatures: expected rows of at least 2 classes, and rows to score',
      'give images of the classes that are to be told apart',
    );
  const { width } = known;
  const probed = ({ features, labels }: LabelledFeatures, of: Float32Array | Float64Array) => {
    const fit = fitLogisticRegression({ features, width, labels, classes, ...(l2 !== undefined && { l2 }) });
    return likeliest(classProbabilities(fit, of), classes);
  };
  const neighbours = nearestNeighbours({
    features: known.features,
    width,
    k,
    ...(asked && { queries: asked.features }),
  });
  const nearest = {
    ...scored(votedLabels(neighbours, known.labels, classes), (asked ?? known).labels),
    k: neighbours.k,
  };
  if (asked) return { folds: undefined, probe: scored(probed(known, asked.features), asked.labels), nearest };
  const folds = Math.min(usualFolds, rows);
  const foldOf = stratifiedFolds(known.labels, folds, seed);
  const guesses = new Int32Array(rows);
  for (let fold = 0; fold < folds; fold++) {
    const own = rowsWhere(known, (row) => foldOf[row] === fold);
    const others = rowsWhere(known, (row) => foldOf[row] !== fold);
    const guessed = probed(others, own.features);
    for (const [i, row] of own.rows.entries()) guesses[row] = guessed[i] as number;
  }
  return { folds, probe: scored(guesses, known.labels), nearest };
}

/** The fold of each row: the members of each class are dealt out in a drawn order, going on where the class before ended. */
export function stratifiedFolds(labels: ArrayLike<number>, folds: number, seed: number): Uint32Array {
  const members = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    const own = members.get(label);
    if (own) own.push(row);
    else members.set(label, [row]);
  }
  const foldOf = new Uint32Array(labels.length);
  const random = new Random(seed).fork('folds');
  let dealt = 0;
  for (const [label, rows] of [...members].sort(([a], [b]) => a - b))
    for (const row of random.fork(label).shuffle(Uint32Array.from(rows))) foldOf[row] = dealt++ % folds;
  return foldOf;
}

function rowsWhere({ features, width, labels }: LabelledFeatures, isIn: (row: number) => boolean) {
  const rows = Array.from(labels, (_, row) => row).filter(isIn);
  const chosen = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) chosen.set(features.subarray(row * width, (row + 1) * width), i * width);
  return { rows, features: chosen, width, labels: Int32Array.from(rows, (row) => labels[row] as number) };
}

function likeliest(probabilities: Float64Array, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return own.reduce((best, value, label) => (value > (own[best] as number) ? label : best), 0);
  });
}

function scored(guesses: Int32Array, labels: Int32Array): FeatureScore {
  const correct = guesses.reduce((sum, guess, row) => sum + (guess === labels[row] ? 1 : 0), 0);
  return { top1: correct / guesses.length, correct, total: guesses.length };
}
