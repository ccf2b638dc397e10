/** A training step and a prediction over one state, as programs that any engine can run, and what they are fed. */
import { type Graph, initialState, type Program, type Value } from '../../ir/index.ts';
import type { ImageSize, Network } from '../../nn/index.ts';
import { objectives, optimisers, predictionProgram, stepProgram, trainingPrograms } from '../../step/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../../tensor/index.ts';
import type { Ranks, Tensors } from '../engine.ts';

const batch = 2;

const sizesOf = ({ image, classes }: Network) => ({
  image: image as ImageSize,
  classes: classes as number,
  batchSize: batch,
});

const optionsOf = (network: Network) => ({
  network,
  ...sizesOf(network),
  optimiser: optimisers.makeDefault({ weightDecay: 5e-4 }),
  loss: objectives.makeDefault({ labelSmoothing: 0.1 }),
});

/** What training does with a network of this kind. */
export function stepOf(network: Network): Program {
  const step = stepProgram(optionsOf(network));
  // the sum of many squares is farther from the evaluator's than what it is a sum of
  return { ...step, outputs: new Map([...step.outputs].filter(([name]) => name !== 'gradientNorms')) };
}

/** The same in a rank that has the whole batch: `gradients`, between which and `update` the ranks' gradients add up. */
export function halvesOf(network: Network, { rank, size }: Pick<Ranks, 'rank' | 'size'>): Record<string, Program> {
  const samples = Array.from({ length: size }, () => batch);
  const ranks = { rank, samples, syncBatchNorm: false };
  return trainingPrograms({ ...optionsOf(network), ranks }).entries;
}

export const predictionOf = (network: Network): Program => predictionProgram({ network, ...sizesOf(network) });

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
