/** What a classifier says of samples that it was not fitted on: each part of the data is answered by a fit on all the others. */
import { Random } from '../tensor/index.ts';
import { type LabelledFeatures, rowsOf, stratifiedFolds } from './folds.ts';
import { classProbabilities, fitLogisticRegression, type LinearFit } from './logistic-regression.ts';

export interface OutOfFoldOptions extends LabelledFeatures {
  readonly classes: number;
  /** Parts of the data; default 5. */
  readonly folds?: number;
  /** Decides who is in which part; default 0. */
  readonly seed?: number | string;
}

/** Penalties that are tried, from strong to weak: each fit starts from the one before. */
const penalties = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001];

export interface OutOfFold {
  /** [samples × classes] */
  readonly probabilities: Float64Array;
  /** The penalty whose answers had the least cross-entropy, and which these are of. */
  readonly l2: number;
  /** That mean cross-entropy, in nats. */
  readonly loss: number;
}

/**
 * Probabilities for every sample, each by logistic regression on the folds that the sample is not in. The penalty is the one of a small grid
 * that does best out of fold, for all together; going on to weaker ones ends once they make it worse.
 * @throws DataError, ShapeError, as `fitLogisticRegression`
 */
export function outOfFoldProbabilities(options: OutOfFoldOptions): OutOfFold {
  const { labels, classes, width, folds = 5, seed = 0 } = options;
  const foldOf = stratifiedFolds(labels, { classes, folds, random: new Random(seed).fork('folds') });
  const parts = Array.from({ length: folds }, (_, fold) => {
    const all = Array.from(foldOf, (_, i) => i);
    const held = all.filter((i) => foldOf[i] === fold);
    return {
      held,
      rows: rowsOf(options, held),
      fitted: rowsOf(
        options,
        all.filter((i) => foldOf[i] !== fold),
      ),
    };
  }).filter(({ held }) => held.length > 0);
  let best: OutOfFold | undefined;
  const starts: (LinearFit | undefined)[] = parts.map(() => undefined);
  for (const l2 of penalties) {
    const probabilities = new Float64Array(labels.length * classes);
    let loss = 0;
    parts.forEach(({ held, rows, fitted }, part) => {
      const start = starts[part];
      const fit = fitLogisticRegression({ ...fitted, classes, l2, tolerance: 1e-3, ...(start && { start }) });
      starts[part] = fit;
      const answers = classProbabilities(fit, rows.features);
      held.forEach((sample, i) => {
        probabilities.set(answers.subarray(i * classes, (i + 1) * classes), sample * classes);
        loss -= Math.log(Math.max(answers[i * classes + labels[sample]!]!, Number.MIN_VALUE)) / labels.length;
      });
    });
    if (best && loss >= best.loss) break;
    best = { probabilities, l2, loss };
  }
  if (!best) throw new RangeError(`outOfFoldProbabilities: width ${width} gives no finite loss`);
  return best;
}
