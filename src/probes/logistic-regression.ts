/**
 * Multinomial logistic regression with an L2 penalty: a network's head, fitted to the end on features that stand still. The loss is convex,
 * so the answer depends on nothing but the data.
 */
import { DataError, ShapeError } from '../tensor/index.ts';
import { accumulateProducts, type Features, logitsOf } from './feature-products.ts';
import { minimise } from './lbfgs.ts';
import { softmaxRow } from './softmax-row.ts';
import { standardisationOf } from './standardisation.ts';

export interface LogisticRegressionOptions {
  /** [samples × width], row by row, as the network gives them: they are standardised inside, and not copied. */
  features: Features;
  width: number;
  /** [samples], each below `classes`. */
  labels: ArrayLike<number>;
  classes: number;
  /**
   * λ of `mean cross-entropy + λ/2 · ‖W‖²`, where W belongs to standardised features and the bias goes free: it means the same whatever the
   * scale of the features and however many samples there are. In scikit-learn's terms it is 1 / (C · samples). Default 0.01.
   */
  l2?: number;
  /** [samples], how much each sample counts; default all alike. Only ratios matter. */
  weights?: ArrayLike<number>;
  /** The largest component of the gradient at which the fit is done. Default 1e-5. */
  tolerance?: number;
  /** Default 1000. */
  maxIterations?: number;
  /** An earlier fit to start from, which saves time where the data or λ differ little; the answer is the same. */
  start?: LinearFit;
}

/** A linear classifier of features as they are given: logits = W·x + b. */
export interface LinearFit {
  width: number;
  classes: number;
  /** [classes × width] */
  weights: Float64Array;
  /** [classes], whose mean is 0. */
  bias: Float64Array;
}

export interface LogisticRegression extends LinearFit {
  /** Mean cross-entropy of the samples plus the penalty, in nats. */
  loss: number;
  iterations: number;
  /** Whether the gradient fell below the tolerance. */
  converged: boolean;
}

/**
 * Fits the classifier with L-BFGS in float64. Each feature is brought to mean 0 and deviation 1 over the samples before it is penalised; one
 * that never changes gets weight 0. A class without samples is allowed and becomes unlikely everywhere.
 * @throws ShapeError where lengths do not fit together
 * @throws DataError for no samples, a label that is no class, a weight below 0, or features that are not finite
 */
export function fitLogisticRegression(options: LogisticRegressionOptions): LogisticRegression {
  const { features, width, labels, classes, l2 = 0.01, tolerance = 1e-5, maxIterations = 1000, start } = options;
  const shares = checkedShares(options);
  const samples = labels.length;
  const { mean, inverseDeviation } = standardisationOf(features, width, shares);
  const size = classes * width;
  // What is moved: W of standardised features, then b. Of features as given: W' = W/σ and b' = b − W'·μ.
  const given = new Float64Array(size);
  const givenBias = new Float64Array(classes);
  const residuals = new Float64Array(samples * classes);
  const toGiven = (point: Float64Array) => {
    for (let c = 0; c < classes; c++) {
      let shift = 0;
      for (let j = 0; j < width; j++) {
        const w = point[c * width + j]! * inverseDeviation[j]!;
        given[c * width + j] = w;
        shift += w * mean[j]!;
      }
      givenBias[c] = point[size + c]! - shift;
    }
  };
  const lossAndGradient = (point: Float64Array, gradient: Float64Array): number => {
    toGiven(point);
    logitsOf(features, width, given, givenBias, residuals);
    let loss = 0;
    for (let i = 0; i < samples; i++) {
      const share = shares[i]!;
      const label = labels[i]!;
      loss += share * softmaxRow(residuals, i * classes, classes, label);
      // d loss / d logits = share · (p − one-hot)
      residuals[i * classes + label]! -= 1;
      for (let c = 0; c < classes; c++) residuals[i * classes + c]! *= share;
    }
    gradient.fill(0);
    accumulateProducts(features, width, residuals, classes, gradient);
    for (let i = 0; i < samples; i++)
      for (let c = 0; c < classes; c++) gradient[size + c]! += residuals[i * classes + c]!;
    for (let c = 0; c < classes; c++) {
      const total = gradient[size + c]!;
      for (let j = 0; j < width; j++) {
        const k = c * width + j;
        const w = point[k]!;
        // d logits / d W = (x − μ) / σ
        gradient[k] = (gradient[k]! - total * mean[j]!) * inverseDeviation[j]! + l2 * w;
        loss += (l2 / 2) * w * w;
      }
    }
    return loss;
  };
  const from = start ? standardisedPoint(start, mean, inverseDeviation) : priorPoint(labels, shares, width, classes);
  const { point, value, iterations, converged } = minimise(lossAndGradient, from, { tolerance, maxIterations });
  toGiven(point);
  const average = givenBias.reduce((sum, b) => sum + b, 0) / classes;
  return {
    width,
    classes,
    weights: given,
    bias: givenBias.map((b) => b - average),
    loss: value,
    iterations,
    converged,
  };
}

/**
 * The probability of each class for rows of features as they were given to the fit: [samples × classes].
 * @throws ShapeError where the features are no whole number of rows
 */
export function classProbabilities(fit: LinearFit, features: Features): Float64Array {
  const { width, classes, weights, bias } = fit;
  const samples = features.length / width;
  if (!Number.isInteger(samples)) throw rowsError('classProbabilities', features.length, width);
  const rows = new Float64Array(samples * classes);
  logitsOf(features, width, weights, bias, rows);
  for (let i = 0; i < samples; i++) softmaxRow(rows, i * classes, classes);
  return rows;
}

const rowsError = (where: string, length: number, width: number) =>
  new ShapeError(
    `${where}: \`features\` must hold whole rows of \`width\` numbers, but ${length} is no multiple of ${width}`,
    'the width is that of the network whose features these are',
  );

/** The weight of each sample as a share of all, after everything given was looked at. */
function checkedShares(options: LogisticRegressionOptions): Float64Array {
  const { features, width, labels, classes, weights } = options;
  const where = 'fitLogisticRegression';
  const samples = labels.length;
  if (features.length % width !== 0) throw rowsError(where, features.length, width);
  if (features.length !== samples * width) {
    throw new ShapeError(
      `${where}: each sample needs a label, but ${features.length / width} rows of features have ${samples} labels`,
    );
  }
  if (weights && weights.length !== samples) {
    throw new ShapeError(`${where}: each sample needs a weight, but ${samples} samples have ${weights.length} weights`);
  }
  if (samples === 0) throw new DataError(`${where}: there are no samples`, 'give features of at least one image');
  for (let i = 0; i < samples; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new DataError(`${where}: labels must be whole numbers below ${classes}, but sample ${i} has ${label}`);
    }
  }
  const bad = features.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    throw new DataError(
      `${where}: features must be finite, but sample ${Math.floor(bad / width)} has ${features[bad]} at ${bad % width}`,
      'the network that gave them may have diverged: look at its weights with skein inspect',
    );
  }
  const shares = Float64Array.from({ length: samples }, (_, i) => weights?.[i] ?? 1);
  const total = shares.reduce((sum, weight) => sum + weight, 0);
  const negative = shares.findIndex((weight) => !(weight >= 0));
  if (negative >= 0 || !(total > 0)) {
    throw new DataError(
      negative >= 0
        ? `${where}: weights must be at least 0, but sample ${negative} has ${shares[negative]}`
        : `${where}: all weights are 0`,
    );
  }
  return shares.map((weight) => weight / total);
}

/** W = 0, and biases that give each class its share of the samples: the best fit that looks at no feature. */
function priorPoint(labels: ArrayLike<number>, shares: Float64Array, width: number, classes: number): Float64Array {
  const point = new Float64Array(classes * (width + 1));
  const mass = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) mass[labels[i]!]! += shares[i]!;
  // a class without samples counts as half a one
  const logs = mass.map((m) => Math.log(Math.max(m, 0.5 / labels.length)));
  const average = logs.reduce((sum, log) => sum + log, 0) / classes;
  for (let c = 0; c < classes; c++) point[classes * width + c] = logs[c]! - average;
  return point;
}

function standardisedPoint(fit: LinearFit, mean: Float64Array, inverseDeviation: Float64Array): Float64Array {
  const { width, classes, weights, bias } = fit;
  const point = new Float64Array(classes * (width + 1));
  for (let c = 0; c < classes; c++) {
    let shift = 0;
    for (let j = 0; j < width; j++) {
      const w = weights[c * width + j]!;
      const inverse = inverseDeviation[j]!;
      point[c * width + j] = inverse > 0 ? w / inverse : 0;
      shift += w * mean[j]!;
    }
    point[classes * width + c] = bias[c]! + shift;
  }
  return point;
}
