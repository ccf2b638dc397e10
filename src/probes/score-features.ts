/** How well classes can be told by features alone: a linear probe and a vote of nearest neighbours. */
import { DataError, Random } from '../tensor/index.ts';
import { type LabelledFeatures, rowsOf, stratifiedFolds } from './folds.ts';
import { classProbabilities, fitLogisticRegression } from './logistic-regression.ts';
import { nearestNeighbours, votedLabels } from './nearest-neighbours.ts';
import { rowsOf as rowCount } from './unit-rows.ts';

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
  const rows = rowCount('scoreFeatures', known);
  if (new Set(Array.from(known.labels)).size < 2 || (asked && rowCount('scoreFeatures', asked) === 0))
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
  const foldOf = stratifiedFolds(known.labels, { classes, folds, random: new Random(seed).fork('folds') });
  const guesses = new Int32Array(rows);
  for (let fold = 0; fold < folds; fold++) {
    const own = rowsWhere(known, (row) => foldOf[row] === fold);
    const others = rowsWhere(known, (row) => foldOf[row] !== fold);
    const guessed = probed(others, own.features);
    for (const [i, row] of own.rows.entries()) guesses[row] = guessed[i] as number;
  }
  return { folds, probe: scored(guesses, known.labels), nearest };
}

function rowsWhere(labelled: LabelledFeatures, isIn: (row: number) => boolean) {
  const rows = Array.from(labelled.labels, (_, row) => row).filter(isIn);
  return { rows, ...rowsOf(labelled, rows) };
}

function likeliest(probabilities: Float64Array, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return own.reduce((best, value, label) => (value > (own[best] as number) ? label : best), 0);
  });
}

function scored(guesses: Int32Array, labels: ArrayLike<number>): FeatureScore {
  const correct = guesses.reduce((sum, guess, row) => sum + (guess === labels[row] ? 1 : 0), 0);
  return { top1: correct / guesses.length, correct, total: guesses.length };
}
