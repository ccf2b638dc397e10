import { logSoftmax, multiply, type Value } from '../ir/index.ts';
import { type CrossEntropyOptions, expectLoss, negativeMean, smoothedTargets } from './targets.ts';

/**
 * The mean of −Σ target · log softmax(logits) over the batch, a scalar; with weights, Σ weight · loss / Σ weight.
 * @param logits float32 [N, classes]
 * @param targets labels, int32 [N], or probabilities, float32 [N, classes]
 * @throws ShapeError where the shapes do not fit
 * @throws ConfigError unless 0 ≤ labelSmoothing ≤ 1
 */
export function softmaxCrossEntropy(logits: Value, targets: Value, options: CrossEntropyOptions = {}): Value {
  expectLoss('softmaxCrossEntropy', logits, options);
  const logProbabilities = logSoftmax(logits);
  const target = smoothedTargets('softmaxCrossEntropy', targets, logits, options.labelSmoothing ?? 0);
  return negativeMean(multiply(target, logProbabilities), options.weights);
}
