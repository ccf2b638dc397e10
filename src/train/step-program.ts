/** The two programs of training: one whole step (forward, loss, backward, optimiser), and prediction with the same state. */
import { gradients, type Recompute, recompute } from '../autodiff/index.ts';
import { add, concat, defineProgram, finite, type Program, sum, sumOfSquares, type Value } from '../ir/index.ts';
import { buildNetwork, type ImageSize, type Network, type Optimiser, softmaxCrossEntropy } from '../nn/index.ts';

export interface StepOptions {
  readonly network: Network;
  readonly image: ImageSize;
  readonly classes: number;
  readonly batchSize: number;
  readonly optimiser: Optimiser;
  /** Default 0. */
  readonly labelSmoothing?: number;
  /** What the backward pass computes again instead of keeping it; default 'none'. The results are the same. */
  readonly recompute?: Recompute;
}

/** The trained entries of a program's state, in the order in which the network made them. */
export function parametersOf(program: { readonly graph: Program['graph'] }): [name: string, Value][] {
  return [...program.graph.state].filter(([, { source }]) => source.kind === 'state' && source.role === 'parameter');
}

/**
 * One training step. Inputs: `image` [N, C, H, W], `labels` int32 [N], `weights` [N], `lr` (scalar), and a mask for each dropout.
 * Outputs: `loss`, `logits` [N, classes], and `gradientNorms`, the squared norm of each parameter's gradient in the order of
 * `parametersOf`. Where one of them is not finite, the state stays as it was.
 */
export function stepProgram(options: StepOptions): Program {
  const { network, image, classes, batchSize, optimiser, labelSmoothing = 0 } = options;
  const { graph, logits } = buildNetwork(network, { batch: batchSize, image, classes, training: true });
  const labels = graph.input('labels', { dtype: 'int32', shape: [batchSize] });
  const weights = graph.input('weights', { dtype: 'float32', shape: [batchSize] });
  const lr = graph.input('lr', { dtype: 'float32', shape: [] });
  const loss = softmaxCrossEntropy(logits, labels, { labelSmoothing, weights });
  const parameters = parametersOf({ graph });
  const found = gradients(
    loss,
    parameters.map(([, value]) => value),
  );
  const gradientNorms = concat(found.map(sumOfSquares), 0);
  parameters.forEach(([name, value], i) => {
    optimiser.update(name, value, found[i] as Value, lr);
  });
  const program = defineProgram({
    name: `${network.name} step`,
    graph,
    outputs: new Map([
      ['loss', loss],
      ['logits', logits],
      ['gradientNorms', gradientNorms],
    ]),
    updates: graph.updates,
    guard: finite(add(loss, sum(gradientNorms))),
  });
  return recompute(program, loss, options.recompute ?? 'none');
}

/** Prediction: input `image` [N, C, H, W], output `logits` [N, classes]; batch norm uses its running statistics. */
export function predictionProgram(options: Pick<StepOptions, 'network' | 'image' | 'classes' | 'batchSize'>): Program {
  const { network, image, classes, batchSize } = options;
  const { graph, logits } = buildNetwork(network, { batch: batchSize, image, classes, training: false });
  return defineProgram({
    name: `${network.name} prediction`,
    graph,
    outputs: new Map([['logits', logits]]),
    updates: new Map(),
  });
}
