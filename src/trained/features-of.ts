import { headOf, mean, type Program, type Value, valueAt } from '../ir/index.ts';

/**
 * What a program is asked for in place of its logits: `features`, which are what its head reads, or the results of the layer, block or stage
 * `layer`, a map [N, C, H, W] as the mean of each channel [N, C].
 * @throws ConfigError where there is no such layer, or the network has no layer with parameters
 */
export function featuresOf(program: Program, layer?: string): ReadonlyMap<string, Value> {
  if (layer === undefined) return new Map([['features', headOf(program).features]]);
  const value = valueAt(program, layer);
  const { length } = value.type.shape;
  const spatial = Array.from({ length: Math.max(0, length - 2) }, (_, i) => i + 2);
  return new Map([['features', spatial.length > 0 ? mean(value, spatial) : value]]);
}
