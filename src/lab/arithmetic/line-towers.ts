/** Fully connected towers of one number, and the gradient of their result by it (Balduzzi et al. 2017, arXiv 1702.08591, Figures 1 and 2). */
import { gradients } from '../../autodiff/index.ts';
import {
  add,
  concat,
  defineProgram,
  divide,
  Graph,
  type Initialiser,
  mean,
  multiply,
  type Program,
  relu,
  slice,
  sqrt,
  subtract,
  sum,
  type Value,
} from '../../ir/index.ts';
import { linear, normal } from '../../nn/index.ts';
import { sizeOf } from '../../tensor/index.ts';

export interface LineTowerOptions {
  readonly join: 'plain' | 'residual' | 'dense';
  /** Batch norm before each rectifier. */
  readonly norm: boolean;
  /** Rectified layers between the first and the last, which are linear. */
  readonly depth: number;
  readonly width: number;
  /** What a layer of a dense tower adds. */
  readonly growth: number;
  readonly points: number;
  /** Default true; without rectifiers a tower is linear. */
  readonly rectifies?: boolean;
}

/** Variance 2 / fan in (He et al. 2015, arXiv 1502.01852, equation 10). */
const heFanIn: Initialiser = (shape, random) => normal(Math.sqrt(2 / sizeOf(shape.slice(1))))(shape, random);

/**
 * Inputs `points` and `reference`, both [points, 1], and `scale`, the paper's β, which multiplies a residual tower's branches. Output
 * `gradient`, [points, 1]. Batch norms take their statistics from `reference`, and so are constants of each point's gradient.
 */
export function lineTowerProgram(options: LineTowerOptions): Program {
  const { join, norm, depth, width, growth, points, rectifies = true } = options;
  const graph = new Graph({ training: false });
  const line = graph.input('points', { dtype: 'float32', shape: [points, 1] });
  const reference = graph.input('reference', { dtype: 'float32', shape: [points, 1] });
  const scale = graph.input('scale', { dtype: 'float32', shape: [] });
  const normalised = (x: Value) =>
    norm ? normalisedBy(x, slice(x, { axes: [0], starts: [points], stops: [2 * points] })) : x;
  const layer = (x: Value, features: number) => {
    const y = normalised(x);
    return linear(rectifies ? relu(y) : y, features, { bias: false, initial: heFanIn });
  };
  let x = linear(norm ? concat([line, reference], 0) : line, width, { name: 'first', bias: false, initial: normal(1) });
  // without it, all rectifiers of the first layer would turn at 0
  x = add(x, graph.entry('first.bias', [width], 'parameter', normal(1)));
  for (let i = 0; i < depth; i++) {
    if (join === 'plain') x = layer(x, width);
    else if (join === 'residual') x = add(x, multiply(layer(x, width), scale));
    else x = concat([x, layer(x, growth)]);
  }
  const result = linear(x, 1, { name: 'last', bias: false, initial: heFanIn });
  const [gradient] = gradients(sum(result), [line]) as [Value];
  const outputs = new Map([['gradient', gradient]]);
  return defineProgram({ name: `${join} line tower of ${depth}`, graph, outputs, updates: new Map() });
}

function normalisedBy(x: Value, reference: Value): Value {
  const centre = mean(reference, [0]);
  const away = subtract(reference, centre);
  const variance = mean(multiply(away, away), [0]);
  return divide(subtract(x, centre), sqrt(add(variance, 1e-5)));
}
