/** One number for all logits that makes confidence fit accuracy and changes no answer: temperature scaling (Guo et al. 2017, section 4.2). */
import { checkLabelledRows } from './labelled-rows.ts';

/** How far the search goes on either side of temperature 1: beyond it, probabilities are 0 and 1, or all alike. */
const furthest = 2 ** 20;
const mostSteps = 200;

/**
 * The temperature T > 0 that minimises the mean of −log softmax(logits / T)[label]. In 1/T this loss is convex, so it has one minimum, which
 * is where its slope, Σ (mean of the logits under softmax − the label's logit), is 0: Newton's steps, kept within a bracket that shrinks,
 * until they no longer move.
 * @param logits [labels.length, classes]
 * @returns undefined where there is no minimum: no rows, each label above all other logits (the surer the better), or labels that the logits
 *   speak against (the less sure the better)
 * @throws ShapeError, DataError
 */
export function fitTemperature(
  logits: Float32Array | Float64Array,
  labels: Int32Array,
  classes: number,
): number | undefined {
  checkLabelledRows('fitTemperature', logits, labels, classes);
  if (labels.length === 0 || isSeparated(logits, labels, classes)) return undefined;
  const at = (inverse: number) => slopeAt(inverse, logits, labels, classes);
  let [low, high] = [1, 1];
  while (at(low).slope > 0) {
    high = low;
    low /= 2;
    if (low < 1 / furthest) return undefined;
  }
  while (at(high).slope < 0) {
    low = high;
    high *= 2;
    if (high > furthest) return undefined;
  }
  let inverse = (low + high) / 2;
  for (let step = 0; step < mostSteps; step++) {
    const { slope, curvature } = at(inverse);
    if (slope > 0) high = inverse;
    else low = inverse;
    const newton = inverse - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const moved = Math.abs(next - inverse);
    inverse = next;
    if (moved <= 1e-12 * inverse) break;
  }
  return 1 / inverse;
}

/** Where no other logit is above the label's, the loss falls for ever as 1/T rises. */
function isSeparated(logits: Float32Array | Float64Array, labels: Int32Array, classes: number): boolean {
  return labels.every((label, row) => {
    const own = logits[row * classes + label] as number;
    for (let c = 0; c < classes; c++) if ((logits[row * classes + c] as number) > own) return false;
    return true;
  });
}

/** Slope and curvature of the summed loss by 1/T: Σ (E z − z_label) and Σ Var z, both under softmax(z / T). */
function slopeAt(
  inverse: number,
  logits: Float32Array | Float64Array,
  labels: Int32Array,
  classes: number,
): { slope: number; curvature: number } {
  let [slope, curvature] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const start = row * classes;
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[start + c] as number);
    let [sum, first, second] = [0, 0, 0];
    // of z − largest, so that nothing overflows
    for (let c = 0; c < classes; c++) {
      const below = (logits[start + c] as number) - largest;
      const power = Math.exp(inverse * below);
      sum += power;
      first += power * below;
      second += power * below ** 2;
    }
    const mean = first / sum;
    slope += mean - ((logits[start + (labels[row] as number)] as number) - largest);
    curvature += second / sum - mean ** 2;
  }
  return { slope, curvature };
}
