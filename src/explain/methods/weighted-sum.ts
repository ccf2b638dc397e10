import type { HeatMap } from '../heat-map.ts';
import type { LayerAnswer } from '../questions.ts';

/** Σc weight(c, i) · Ac at each place i of a layer's map, in float64; `rectified`: what is negative becomes 0. */
export function weightedSum(
  { activations, channels, height, width }: LayerAnswer,
  weight: (channel: number, index: number) => number,
  { rectified = false } = {},
): HeatMap {
  const area = height * width;
  const sums = new Float64Array(area);
  for (let channel = 0, i = 0; channel < channels; channel++)
    for (let at = 0; at < area; at++, i++) sums[at]! += weight(channel, i) * (activations[i] as number);
  return { values: Float32Array.from(sums, (sum) => (rectified ? Math.max(0, sum) : sum)), height, width };
}
