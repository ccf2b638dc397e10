import { ConfigError } from '../tensor/index.ts';

/**
 * Wilson's score interval (1927) for an accuracy of `correct` out of `total`: unlike ±1.96 standard errors it stays within
 * [0, 1] and is honest near both ends. Nothing measured (`total` 0) gives [0, 1].
 * @throws ConfigError where the counts or the confidence are impossible
 */
export function wilsonInterval(correct: number, total: number, confidence = 0.95): { low: number; high: number } {
  if (!Number.isSafeInteger(correct) || !Number.isSafeInteger(total) || correct < 0 || correct > total)
    throw new ConfigError(`wilsonInterval: expected whole numbers 0 <= correct <= total, got ${correct} of ${total}`);
  if (!(confidence > 0 && confidence < 1))
    throw new ConfigError(
      `wilsonInterval: expected a confidence between 0 and 1, got ${confidence}`,
      '95 % is written 0.95',
    );
  if (total === 0) return { low: 0, high: 1 };
  const z = twoSidedQuantile(confidence);
  const p = correct / total;
  // (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)
  const scale = 1 + z ** 2 / total;
  const centre = (p + z ** 2 / (2 * total)) / scale;
  const half = (z * Math.sqrt((p * (1 - p)) / total + z ** 2 / (4 * total ** 2))) / scale;
  // At the ends the formula gives exactly 0 and 1, but for rounding.
  return { low: correct === 0 ? 0 : centre - half, high: correct === total ? 1 : centre + half };
}

/**
 * The z with P(|Z| <= z) = confidence. Newton's method from 0 rises to it without overshooting, because this probability
 * is concave in z; its values are Marsaglia's series (2004): 2 φ(z) (z + z³/3 + z⁵/(3·5) + …).
 */
function twoSidedQuantile(confidence: number): number {
  let z = 0;
  for (let iteration = 0; iteration < 100; iteration++) {
    const density = 2 * (Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI));
    let series = 0;
    for (let term = z, odd = 1; series + term !== series; term *= z ** 2 / odd) {
      series += term;
      odd += 2;
    }
    const step = (confidence - density * series) / density;
    z += step;
    if (step < 1e-14) break;
  }
  return z;
}
