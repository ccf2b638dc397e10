/** The loss of classification. */
import { add, divide, logSoftmax, multiply, oneHot, sum, type Value } from '../ir/index.ts';
import { ConfigError, formatShape, ShapeError } from '../tensor/index.ts';

export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes (Szegedy et al. 2015, arXiv 1512.00567, §7); default 0. */
  readonly labelSmoothing?: number;
  /** How much each image counts, float32 [N]; 0 leaves padding out. Default: all the same. */
  readonly weights?: Value;
}

/**
 * The mean of −Σ target · log softmax(logits) over the batch, a scalar; with weights, Σ weight · loss / Σ weight.
 * @param logits float32 [N, classes]
 * @param targets labels, int32 [N], or probabilities, float32 [N, classes]
 * @throws ShapeError where the shapes do not fit
 * @throws ConfigError unless 0 ≤ labelSmoothing ≤ 1
 */
export function softmaxCrossEntropy(logits: Value, targets: Value, options: CrossEntropyOptions = {}): Value {
  const { labelSmoothing = 0, weights } = options;
  const [batch, classes] = logits.type.shape;
  if (logits.type.shape.length !== 2 || batch === undefined || classes === undefined)
    throw new ShapeError(
      `softmaxCrossEntropy: expected \`logits\` to be [N, classes], but it is ${formatShape(logits.type.shape)}`,
    );
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    throw new ConfigError(`softmaxCrossEntropy: \`labelSmoothing\` must be from 0 to 1, but is ${labelSmoothing}`);
  if (weights) expectType('weights', weights, 'float32', [batch]);

  const logProbabilities = logSoftmax(logits);
  const target = smooth(targetsAsRows(targets, batch, classes), labelSmoothing, classes);
  const products = multiply(target, logProbabilities);
  if (!weights) return multiply(sum(products), -1 / batch);
  return multiply(divide(sum(multiply(sum(products, [1]), weights)), sum(weights)), -1);
}

function targetsAsRows(targets: Value, batch: number, classes: number): Value {
  if (targets.type.dtype === 'int32') {
    expectType('targets', targets, 'int32', [batch]);
    return oneHot(targets, classes);
  }
  expectType('targets', targets, 'float32', [batch, classes]);
  return targets;
}

// (1 − s) · target + s / classes
const smooth = (target: Value, s: number, classes: number) =>
  s === 0 ? target : add(multiply(target, 1 - s), s / classes);

function expectType(name: string, { type }: Value, dtype: string, shape: readonly number[]): void {
  if (type.dtype !== dtype || formatShape(type.shape) !== formatShape(shape))
    throw new ShapeError(
      `softmaxCrossEntropy: expected \`${name}\` to be ${dtype} ${formatShape(shape)}, but got ${type.dtype} ${formatShape(type.shape)}`,
    );
}
