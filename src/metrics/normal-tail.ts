/**
 * P(|Z| > z) of a standard normal Z, z >= 0, to about 1e-15 of itself, also far out, where 1 − P(|Z| <= z) would have lost all digits:
 * Marsaglia's series (2004) near 0, and beyond it the continued fraction of Laplace (Abramowitz and Stegun 1964, 26.2.14).
 */
export function twoSidedNormalTail(z: number): number {
  const density = Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 2) {
    // P(|Z| <= z) = 2 φ(z) (z + z³/3 + z⁵/(3·5) + …)
    let series = 0;
    for (let term = z, odd = 1; series + term !== series; term *= z ** 2 / odd) {
      series += term;
      odd += 2;
    }
    return 1 - 2 * density * series;
  }
  // P(Z > z) = φ(z) / (z + 1/(z + 2/(z + 3/(z + …))))
  let fraction = z;
  for (let k = terms; k > 0; k--) fraction = z + k / fraction;
  return (2 * density) / fraction;
}

/** Enough at z = 2; further out fewer would do. */
const terms = 200;
