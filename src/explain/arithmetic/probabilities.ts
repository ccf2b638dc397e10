/** What logits say as probabilities, by the temperature that a checkpoint was calibrated to. */
import { softmax } from '../../metrics/index.ts';

/**
 * softmax(logits / temperature) of each row.
 * @param logits [rows, classes]
 * @param temperature above 0; 1 where a checkpoint is not calibrated
 */
export function probabilities(logits: Float32Array, classes: number, temperature: number): Float64Array[] {
  return Array.from({ length: logits.length / classes }, (_, row) =>
    softmax(Array.from(logits.subarray(row * classes, (row + 1) * classes), (logit) => logit / temperature)),
  );
}
