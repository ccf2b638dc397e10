/** Dropout (Srivastava et al. 2014) by a mask that is fed, so that programs stay pure functions of their inputs. */
import { multiply, type Provider, type Value } from '../ir/index.ts';
import { ConfigError, sizeOf } from '../tensor/index.ts';
import { layerName } from './layer-name.ts';

/**
 * In training, x times a mask input `dropout1`, `dropout2`, … of x's shape: 0 with probability `rate`, else 1 / (1 − rate).
 * In prediction, in a frozen layer, or at rate 0, x itself. @throws ConfigError unless 0 ≤ rate < 1
 */
export function dropout(x: Value, rate: number): Value {
  if (!(rate >= 0 && rate < 1))
    throw new ConfigError(`dropout: \`rate\` must be at least 0 and below 1, but is ${rate}`);
  if (!x.graph.training || rate === 0) return x;
  const name = layerName(x, 'dropout');
  if (!x.graph.trains(name)) return x;
  return multiply(x, x.graph.input(name, x.type, { provide: dropoutMask(rate) }));
}

/** 0 with probability `rate`, else 1 / (1 − rate): the mean stays 1. */
export const dropoutMask = (rate: number): Provider => ({
  kind: 'dropout',
  note: String(rate),
  fill(_, shape, random) {
    const numbers = new Float32Array(sizeOf(shape));
    for (let i = 0; i < numbers.length; i++) numbers[i] = random.uniform() < rate ? 0 : 1 / (1 - rate);
    return numbers;
  },
});
