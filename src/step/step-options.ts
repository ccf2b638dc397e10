/** What a training step is composed of. */
import type { Recompute } from '../autodiff/index.ts';
import type { Program, RankSlices, Value } from '../ir/index.ts';
import type { Average, ImageSize, Network, Objective, Optimiser } from '../nn/index.ts';
import type { LayerRate } from './rate-groups.ts';

/** The ranks that share out each batch. */
export interface StepRanks extends RankSlices {
  /** Whether batch norm takes the statistics of all ranks' images, instead of its own. */
  readonly syncBatchNorm: boolean;
}

export interface StepOptions {
  readonly network: Network;
  readonly image: ImageSize;
  readonly classes: number;
  /** Images of one batch; with `ranks` this rank's own. */
  readonly batchSize: number;
  /** Default `sgd()`. */
  readonly optimiser?: Optimiser;
  /** Default `crossEntropy()`. */
  readonly loss?: Objective;
  /** Whether the step is fed the share of each class instead of labels; default false. */
  readonly softLabels?: boolean;
  /** The most that the norm of all gradients together may be; default: no limit. */
  readonly clipNorm?: number;
  /** Paths of layers that keep their weights and behave as in prediction; default: none. */
  readonly freeze?: readonly string[];
  /** Layers whose learning rate is a share of the step's; default: none. */
  readonly rates?: readonly LayerRate[];
  /** What predictions use in place of the weights; default: nothing. */
  readonly average?: Average;
  /** What the backward pass computes again instead of keeping it; default 'none'. The results are the same. */
  readonly recompute?: Recompute;
  /** Where several ranks train together: a step is then always two halves, between which the gradients of all ranks add up. Default: one. */
  readonly ranks?: StepRanks;
}

/** The trained entries of a program's state, without those of frozen layers, in the order in which the network made them. */
export function parametersOf({ graph }: { readonly graph: Program['graph'] }): [name: string, Value][] {
  return [...graph.state].filter(
    ([name, { source }]) => source.kind === 'state' && source.role === 'parameter' && graph.trains(name),
  );
}
