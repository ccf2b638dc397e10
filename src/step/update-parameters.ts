/** The second half of a step: from the gradients of all parameters to new parameters, and to their averages. */
import {
  add,
  divide,
  type Graph,
  greater,
  multiply,
  type Program,
  rebuild,
  select,
  sqrt,
  sum,
  type Value,
} from '../ir/index.ts';
import type { Average, Parameter } from '../nn/index.ts';
import { optimisers } from './kinds.ts';
import { rateGroups } from './rate-groups.ts';
import type { StepOptions } from './step-options.ts';

/** Registers what each parameter becomes, and what the optimiser and the average keep. */
export function updateParameters(
  parameters: readonly Parameter[],
  gradientNorms: Value,
  lr: Value,
  options: Pick<StepOptions, 'optimiser' | 'clipNorm' | 'average' | 'rates'>,
): void {
  const { optimiser = optimisers.makeDefault(), clipNorm, average, rates = [] } = options;
  const limited = clipNorm === undefined ? parameters : clipped(parameters, gradientNorms, clipNorm);
  for (const group of rateGroups(limited, lr, rates)) optimiser.update(group.parameters, group.lr);
  if (average) follow(lr.graph, average);
}

/** PyTorch's clip_grad_norm_ adds this to the norm. */
const least = 1e-6;

/** All gradients times min(1, limit / ‖all gradients‖) (Pascanu et al. 2013, arXiv 1211.5063, algorithm 1). */
function clipped(parameters: readonly Parameter[], gradientNorms: Value, limit: number): Parameter[] {
  const share = divide(limit, add(sqrt(sum(gradientNorms)), least));
  const factor = select(greater(share, 1), 1, share);
  return parameters.map(({ gradient, ...parameter }) => ({ ...parameter, gradient: multiply(gradient, factor) }));
}

const averageOf = (name: string) => `average.${name}`;

/** An average of each entry that predictions read, which starts where the entry does. */
function follow(graph: Graph, average: Average): void {
  for (const [name, entry] of [...graph.state]) {
    const { source, type } = entry;
    if (source.kind !== 'state' || (source.role !== 'parameter' && source.role !== 'statistic')) continue;
    // a frozen entry is its own average
    if (!graph.trains(name)) continue;
    const before = graph.entry(averageOf(name), type.shape, 'optimiser', source.initial, { like: name });
    graph.update(averageOf(name), average.next(before, graph.updates.get(name) ?? entry));
  }
}

/** The same prediction with the averages that `training` keeps in place of weights and running statistics. */
export const averagedPrediction = (prediction: Program, training: Program): Program =>
  rebuild(prediction, {
    leaf: (graph, { source, type }) =>
      source.kind === 'state' && training.graph.state.has(averageOf(source.name))
        ? graph.entry(averageOf(source.name), type.shape, 'optimiser', source.initial)
        : undefined,
  });

/**
 * What predictions use of a state: the averages where it has them, else the weights themselves.
 * @param network the graph of the network, whose own entries may be called like averages
 */
export function predictingState<T>(state: ReadonlyMap<string, T>, network: Pick<Graph, 'state'>): Map<string, T> {
  const averageIn = (name: string) => (network.state.has(averageOf(name)) ? undefined : state.get(averageOf(name)));
  return new Map([...state].map(([name, content]) => [name, averageIn(name) ?? content]));
}
