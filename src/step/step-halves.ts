/** The entry points of training over one state: one whole step; or its two halves, between which gradients of several batches add up. */
import {
  add,
  concat,
  defineProgram,
  finite,
  Graph,
  multiply,
  type Program,
  sum,
  sumOfSquares,
  type Value,
} from '../ir/index.ts';
import { constant } from '../nn/index.ts';
import { differentiate, guarded } from './differentiate.ts';
import { parametersOf, type StepOptions } from './step-options.ts';
import { updateParameters } from './update-parameters.ts';

const gradientOf = (name: string) => `gradient.${name}`;

/**
 * The first half: adds the gradients of a batch, times the scalar input `share`, to entries of their own. Its other inputs, outputs and
 * guard are those of a whole step. Where a step is `isOneBatch`, the entries become those gradients, whatever they were. With synchronised batch norm `gradientNorms` are those of the gradients times `share`, which exist alone.
 */
export function gradientsProgram(options: StepOptions, isOneBatch = false): Program {
  const half = differentiate(options, 'share');
  const { graph, scalar: share, parameters, isScaled } = half;
  for (const { name, gradient } of parameters) {
    const entry = graph.entry(gradientOf(name), gradient.type.shape, 'gradient', constant(0));
    const own = isScaled ? gradient : multiply(gradient, share);
    graph.update(gradientOf(name), isOneBatch ? own : add(entry, own));
  }
  return guarded(half, `${options.network.name} gradients`, options.recompute);
}

/**
 * The second half, over the state of `gradients`: updates the parameters by the gradients that have added up, which are then 0 again.
 * Inputs: `lr`, and what the optimiser declares. Output: `gradientNorms`, as of a whole step.
 */
export function updateProgram(gradients: Program, options: StepOptions): Program {
  const { freeze: frozen = [] } = options;
  const graph = new Graph({ training: true, frozen });
  for (const [name, { source, type }] of gradients.graph.state)
    if (source.kind === 'state') graph.entry(name, type.shape, source.role, source.initial);
  const lr = graph.input('lr', { dtype: 'float32', shape: [] });
  const parameters = parametersOf({ graph }).map(([name, value]) => ({
    name,
    value,
    gradient: graph.state.get(gradientOf(name)) as Value,
  }));
  const gradientNorms = concat(
    parameters.map(({ gradient }) => sumOfSquares(gradient)),
    0,
  );
  updateParameters(parameters, gradientNorms, lr, options);
  for (const { name, value } of parameters) graph.update(gradientOf(name), graph.constant(0, value.type.shape));
  return defineProgram({
    name: `${options.network.name} update`,
    graph,
    outputs: new Map([['gradientNorms', gradientNorms]]),
    updates: graph.updates,
    guard: finite(sum(gradientNorms)),
  });
}
