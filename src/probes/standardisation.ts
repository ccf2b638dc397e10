import type { Features } from './feature-products.ts';

/** Mean and 1/σ of each feature, [width] both; 1/σ is 0 for a feature that does not change but for rounding. */
export interface Standardisation {
  mean: Float64Array;
  inverseDeviation: Float64Array;
}

/** Over rows that count by `shares`, which add up to 1. The variance is a mean of squared distances, never a difference of two sums. */
export function standardisationOf(features: Features, width: number, shares: Float64Array): Standardisation {
  const mean = new Float64Array(width);
  const variance = new Float64Array(width);
  for (let i = 0; i < shares.length; i++) {
    for (let j = 0; j < width; j++) mean[j]! += shares[i]! * features[i * width + j]!;
  }
  for (let i = 0; i < shares.length; i++) {
    for (let j = 0; j < width; j++) {
      const distance = features[i * width + j]! - mean[j]!;
      variance[j]! += shares[i]! * distance * distance;
    }
  }
  const inverseDeviation = variance.map((v, j) => {
    const deviation = Math.sqrt(v);
    return deviation > 1e-7 * Math.abs(mean[j]!) ? 1 / deviation : 0;
  });
  return { mean, inverseDeviation };
}
