/** A training step and a prediction over one state, as programs that any engine can run, and what they are fed. */
import { gradients } from '../../autodiff/index.ts';
import {
  add,
  concat,
  defineProgram,
  finite,
  type Graph,
  initialState,
  type Program,
  sum,
  sumOfSquares,
  type Value,
} from '../../ir/index.ts';
import { buildNetwork, type Network, sgd, softmaxCrossEntropy } from '../../nn/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../../tensor/index.ts';
import type { Tensors } from '../engine.ts';

const batch = 2;

/** What training does with a network of this kind: the loss, all gradients, and the optimiser's updates unless one is not finite. */
export function stepOf(network: Network): Program {
  const { graph, logits } = buildNetwork(network, { batch, training: true });
  const labels = graph.input('labels', { dtype: 'int32', shape: [batch] });
  const weights = graph.input('weights', { dtype: 'float32', shape: [batch] });
  const lr = graph.input('lr', { dtype: 'float32', shape: [] });
  const loss = softmaxCrossEntropy(logits, labels, { labelSmoothing: 0.1, weights });
  const parameters = [...graph.state].filter(([, { source }]) => roleOf(source) === 'parameter');
  const found = gradients(
    loss,
    parameters.map(([, value]) => value),
  );
  const norms = concat(found.map(sumOfSquares), 0);
  const optimiser = sgd({ momentum: 0.9, weightDecay: 5e-4 });
  parameters.forEach(([name, value], i) => {
    optimiser.update(name, value, found[i] as Value, lr);
  });
  const outputs = new Map([
    ['loss', loss],
    ['logits', logits],
  ]);
  const guard = finite(add(loss, sum(norms)));
  return defineProgram({ name: `${network.name} step`, graph, outputs, updates: graph.updates, guard });
}

export function predictionOf(network: Network): Program {
  const { graph, logits } = buildNetwork(network, { batch, training: false });
  const outputs = new Map([['logits', logits]]);
  return defineProgram({ name: `${network.name} prediction`, graph, outputs, updates: new Map() });
}

/**
 * A state in which every number counts: no shift is 0 and no scale 1. What the optimiser keeps starts at 0, so that the first gradient is
 * seen there as it is.
 */
export function startOf(graph: Graph, seed: number): Map<string, Tensor<'float32'>> {
  const random = new Random(seed).fork('start');
  const start = initialState(graph, seed);
  for (const [name, { source }] of graph.state) {
    if (roleOf(source) === 'optimiser') continue;
    const { data } = start.get(name) as Tensor<'float32'>;
    for (const i of data.keys()) data[i] = (data[i] as number) + 0.3 * (random.uniform() - 0.5);
  }
  return start;
}

const roleOf = (source: Value['source']) => (source.kind === 'state' ? source.role : undefined);

/** What each step is fed. One image counts less than the others. */
export function batchOf({ graph }: Program, seed: number): Tensors {
  const random = new Random(seed).fork('batch');
  const { shape } = (graph.inputs.get('image') as Value).type;
  const pixels = Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
  return new Map<string, Tensor>([
    ['image', tensor('float32', shape, pixels)],
    ['labels', tensor('int32', [batch], Int32Array.of(0, 3))],
    ['weights', tensor('float32', [batch], Float32Array.of(1, 0.5))],
    ['lr', tensor('float32', [], Float32Array.of(0.05))],
  ]);
}
