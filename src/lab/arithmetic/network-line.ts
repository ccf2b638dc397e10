/** Gradients of a network's logit by its image, along the straight line from one image to another. */
import { gradients } from '../../autodiff/index.ts';
import { defineProgram, type Graph, initialState, multiply, type Program, sum, type Value } from '../../ir/index.ts';
import { buildNetwork, type ImageSize, type Network } from '../../nn/index.ts';
import { sizeOf, type Tensor, tensor } from '../../tensor/index.ts';
import type { Laboratory } from '../laboratory.ts';
import { wholeBatch } from '../whole-batch.ts';
import type { GradientLine } from './line-correlation.ts';

/** What a batch norm moves its running statistics by in a step, unless it is told otherwise. */
const momentum = 0.1;

export interface LineOptions {
  readonly image: ImageSize;
  readonly classes: number;
  /** Images that the statistics are from. */
  readonly batchSize: number;
  /** Points on the line. */
  readonly points: number;
}

/**
 * `statistics` runs as in training and keeps its running statistics; `line` predicts with them, and gives the `gradient` of one logit, which
 * the input `chosen` [1, classes] names, by each image.
 */
export function lineProgramsOf(network: Network, options: LineOptions): { statistics: Program; line: Program } {
  const { image: size, classes, batchSize, points } = options;
  const { name } = network;
  const trained = buildNetwork(network, { batch: batchSize, image: size, classes, training: true });
  const statistics = defineProgram({
    name: `${name} statistics`,
    graph: trained.graph,
    outputs: new Map([['logits', trained.logits]]),
    updates: trained.graph.updates,
  });
  const { graph, image, logits } = buildNetwork(network, { batch: points, image: size, classes, training: false });
  const chosen = graph.input('chosen', { dtype: 'float32', shape: [1, classes] });
  const [gradient] = gradients(sum(multiply(logits, chosen)), [image]) as [Value];
  const outputs = new Map([
    ['logits', logits],
    ['gradient', gradient],
  ]);
  return { statistics, line: defineProgram({ name: `${name} line`, graph, outputs, updates: new Map() }) };
}

/** A network's first state with all statistics 0, so that a step puts a share of the batch's there. */
export function withoutStatistics(graph: Graph, seed: number): Map<string, Tensor> {
  const state = new Map<string, Tensor>(initialState(graph, seed));
  for (const name of statisticsOf(graph)) {
    const { shape } = state.get(name) as Tensor;
    state.set(name, tensor('float32', shape, new Float32Array(sizeOf(shape))));
  }
  return state;
}

/** The state after that step, with the batch's statistics whole. */
export function withStatistics(graph: Graph, state: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const whole = new Map(state);
  for (const name of statisticsOf(graph)) {
    const { shape, data } = state.get(name) as Tensor<'float32'>;
    whole.set(
      name,
      tensor(
        'float32',
        shape,
        data.map((value) => value / momentum),
      ),
    );
  }
  return whole;
}

const statisticsOf = ({ state }: Graph) =>
  [...state].flatMap(([name, { source }]) => (source.kind === 'state' && source.role === 'statistic' ? [name] : []));

/** At several initialisations, between the first two of the laboratory's test images. */
export async function gradientsBetween(
  lab: Laboratory,
  network: Network,
  { batchSize, points, seeds }: Pick<LineOptions, 'batchSize' | 'points'> & { readonly seeds: readonly number[] },
): Promise<GradientLine[]> {
  const { image, classes, engine, threads } = lab;
  const { statistics, line } = lineProgramsOf(network, { image, classes, batchSize, points });
  const { images } = await wholeBatch(lab, 'train', batchSize);
  const ends = await wholeBatch(lab, 'test', 2);
  const shape = [image.channels, image.height, image.width];
  const dimension = sizeOf(shape);
  const between = Float32Array.from({ length: points * dimension }, (_, i) => {
    const share = Math.floor(i / dimension) / (points - 1);
    const [from, to] = [ends.images[i % dimension] as number, ends.images[dimension + (i % dimension)] as number];
    return from + share * (to - from);
  });
  const chosen = Float32Array.from({ length: classes }, (_, label) => (label === ends.labels[0] ? 1 : 0));
  const executable = await engine.compile({ statistics, line }, { threads });
  const batch = new Map([['image', tensor('float32', [batchSize, ...shape], images)]]);
  const inputs = new Map<string, Tensor>([
    ['image', tensor('float32', [points, ...shape], between)],
    ['chosen', tensor('float32', [1, classes], chosen)],
  ]);
  try {
    const lines: GradientLine[] = [];
    for (const seed of seeds) {
      lab.signal.throwIfAborted();
      await executable.load(withoutStatistics(statistics.graph, seed));
      await executable.run('statistics', batch);
      await executable.load(withStatistics(statistics.graph, await executable.read()));
      const outputs = await executable.run('line', inputs);
      lines.push({ values: (outputs.get('gradient') as Tensor<'float32'>).data, dimension });
    }
    return lines;
  } finally {
    await executable.dispose();
  }
}
