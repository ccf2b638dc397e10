/** Dropout (Srivastava et al. 2014) by a mask that is fed, so that programs stay pure functions of their inputs. */
import { multiply, type Value } from '../ir/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { layerName } from './layer-name.ts';

/**
 * In training, x times a mask input `dropout1`, `dropout2`, … of x's shape: 0 with probability `rate`, else 1 / (1 − rate).
 * In prediction, or at rate 0, x itself. @throws ConfigError unless 0 ≤ rate < 1
 */
export function dropout(x: Value, rate: number): Value {
  if (!(rate >= 0 && rate < 1))
    throw new ConfigError(`dropout: \`rate\` must be at least 0 and below 1, but is ${rate}`);
  if (!x.graph.training || rate === 0) return x;
  return multiply(x, x.graph.input(layerName(x, 'dropout'), x.type, { dropout: rate }));
}
