/** Stochastic depth (Huang et al. 2016, arXiv 1603.09382): in training, whole blocks are left out for some images. */
import { multiply, type Value } from '../ir/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { dropoutMask } from './dropout.ts';
import { layerName } from './layer-name.ts';

/**
 * In training, x [N, …] times a mask input `drop1`, `drop2`, … [N, 1, …]: an image's part is 0 with probability `rate`, else divided by
 * 1 − rate. In prediction, in a frozen layer, or at rate 0, x itself. @throws ConfigError unless 0 ≤ rate < 1
 */
export function stochasticDepth(x: Value, rate: number): Value {
  if (!(rate >= 0 && rate < 1))
    throw new ConfigError(`stochasticDepth: \`rate\` must be at least 0 and below 1, but is ${rate}`);
  if (!x.graph.training || rate === 0) return x;
  const name = layerName(x, 'drop');
  if (!x.graph.trains(name)) return x;
  const shape = x.type.shape.map((extent, axis) => (axis === 0 ? extent : 1));
  return multiply(x, x.graph.input(name, { dtype: x.type.dtype, shape }, { provide: dropoutMask(rate) }));
}
