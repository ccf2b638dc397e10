/** Student's t distribution (1908) with whole degrees of freedom. */

/** The t with P(|T| <= t) = confidence: by halves in θ = arctan(t / √freedom), in which the probability rises smoothly. */
export function twoSidedT(freedom: number, confidence: number): number {
  let [low, high] = [0, Math.PI / 2];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (within(freedom, middle) < confidence) low = middle;
    else high = middle;
  }
  return Math.tan((low + high) / 2) * Math.sqrt(freedom);
}

/** P(|T| >= |t|): how often chance alone goes as far as `t`, which may be infinite. */
export const beyondT = (freedom: number, t: number): number =>
  Math.min(1, Math.max(0, 1 - within(freedom, Math.atan(Math.abs(t) / Math.sqrt(freedom)))));

/** P(|T| <= √freedom · tan θ): Abramowitz and Stegun (1964), 26.7.3 and 26.7.4. */
function within(freedom: number, theta: number): number {
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)];
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = 0;
  for (let power = isOdd ? 1 : 0; power <= freedom - 2; power += 2) {
    sum += term;
    term *= (cosine ** 2 * (power + 1)) / (power + 2);
  }
  return isOdd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}
