/** What losses of classification share: targets as rows of shares, and the mean over a batch. */
import { add, divide, multiply, oneHot, sum, type Value } from '../ir/index.ts';
import { ConfigError, formatShape, ShapeError } from '../tensor/index.ts';

export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes (Szegedy et al. 2015, arXiv 1512.00567, §7); default 0. */
  readonly labelSmoothing?: number;
  /** How much each image counts, float32 [N]; 0 leaves padding out. Default: all the same. */
  readonly weights?: Value;
}

/** The two extents of logits. @throws ShapeError where they are not [N, classes] or the weights not [N]; ConfigError for the smoothing */
export function expectLoss(where: string, logits: Value, { labelSmoothing = 0, weights }: CrossEntropyOptions) {
  const [batch, classes] = logits.type.shape;
  if (logits.type.shape.length !== 2 || batch === undefined || classes === undefined)
    throw new ShapeError(
      `${where}: expected \`logits\` to be [N, classes], but it is ${formatShape(logits.type.shape)}`,
    );
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    throw new ConfigError(`${where}: \`labelSmoothing\` must be from 0 to 1, but is ${labelSmoothing}`);
  if (weights) expectType(where, 'weights', weights, 'float32', [batch]);
  return [batch, classes] as const;
}

/** Labels, int32 [N], or shares, float32 [N, classes], as smoothed shares. @throws ShapeError */
export function smoothedTargets(where: string, targets: Value, logits: Value, labelSmoothing: number): Value {
  const [batch, classes] = logits.type.shape as [number, number];
  const areLabels = targets.type.dtype === 'int32';
  expectType(where, 'targets', targets, areLabels ? 'int32' : 'float32', areLabels ? [batch] : [batch, classes]);
  const rows = areLabels ? oneHot(targets, classes) : targets;
  // (1 − s) · target + s / classes
  return labelSmoothing === 0 ? rows : add(multiply(rows, 1 - labelSmoothing), labelSmoothing / classes);
}

/** −Σ products / N; with weights, −Σ weight · products / Σ weight: a scalar of products [N, classes]. */
export function negativeMean(products: Value, weights: Value | undefined): Value {
  const [batch = 1] = products.type.shape;
  if (!weights) return multiply(sum(products), -1 / batch);
  return multiply(divide(sum(multiply(sum(products, [1]), weights)), sum(weights)), -1);
}

function expectType(where: string, name: string, { type }: Value, dtype: string, shape: readonly number[]): void {
  if (type.dtype !== dtype || formatShape(type.shape) !== formatShape(shape))
    throw new ShapeError(
      `${where}: expected \`${name}\` to be ${dtype} ${formatShape(shape)}, but got ${type.dtype} ${formatShape(type.shape)}`,
    );
}
