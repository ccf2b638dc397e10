import { concat, logSoftmax, multiply, reshape, subtract, type Value } from '../ir/index.ts';
import { type CrossEntropyOptions, expectLoss, negativeMean, smoothedTargets } from './targets.ts';

/**
 * The mean of −(target · log σ(logits) + (1 − target) · log(1 − σ(logits))) over batch and classes, a scalar, as PyTorch's
 * BCEWithLogitsLoss; weights count images. Arguments and errors are those of `softmaxCrossEntropy`.
 */
export function sigmoidCrossEntropy(logits: Value, targets: Value, options: CrossEntropyOptions = {}): Value {
  const [batch, classes] = expectLoss('sigmoidCrossEntropy', logits, options);
  const target = smoothedTargets('sigmoidCrossEntropy', targets, logits, options.labelSmoothing ?? 0);
  // σ(x) is the first of softmax(x, 0), whose logarithm is exact for every x
  const column = (x: Value) => reshape(x, [batch * classes, 1]);
  const x = column(logits);
  const pairs = concat([x, x.graph.constant(0, [batch * classes, 1])], 1);
  const shares = concat([column(target), column(subtract(1, target))], 1);
  const products = multiply(shares, multiply(logSoftmax(pairs), 1 / classes));
  return negativeMean(reshape(products, [batch, 2 * classes]), options.weights);
}
