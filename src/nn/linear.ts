/** A fully connected layer. */
import { add, type Initialiser, matmul, type Value } from '../ir/index.ts';
import { ConfigError, formatShape, ShapeError } from '../tensor/index.ts';
import { constant, uniformFanIn } from './initialisers.ts';
import { layerName } from './layer-name.ts';

export interface LinearOptions {
  /** Default true; it starts at 0. */
  readonly bias?: boolean;
  /** Default `uniformFanIn`. */
  readonly initial?: Initialiser;
  /** Instead of `linear1`, `linear2`, …. */
  readonly name?: string;
}

/**
 * x · weightᵀ + bias: [N, F] to [N, features], with parameters `weight` [features, F] and `bias` [features].
 * @throws ShapeError where x has not two axes
 * @throws ConfigError where `features` is not a whole number of at least 1
 */
export function linear(x: Value, features: number, options: LinearOptions = {}): Value {
  const { bias = true, initial = uniformFanIn, name } = options;
  const { shape } = x.type;
  const inputs = shape[1];
  if (shape.length !== 2 || inputs === undefined)
    throw new ShapeError(
      `linear: expected \`x\` to be [N, F], but it is ${formatShape(shape)}`,
      shape.length === 4 ? 'call globalAveragePool() or flatten() on it first' : undefined,
    );
  if (!(Number.isSafeInteger(features) && features >= 1))
    throw new ConfigError(`linear: \`features\` must be a whole number of at least 1, but is ${features}`);

  const path = layerName(x, 'linear', name);
  const weight = x.graph.entry(`${path}.weight`, [features, inputs], 'parameter', initial);
  const y = matmul(x, weight, { transposeB: true });
  return bias ? add(y, x.graph.entry(`${path}.bias`, [features], 'parameter', constant(0))) : y;
}
