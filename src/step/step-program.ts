/** The two programs of training: one whole step (forward, loss, backward, optimiser), and prediction with the same state. */
import { defineProgram, type Program } from '../ir/index.ts';
import { buildNetwork } from '../nn/index.ts';
import { differentiate, guarded } from './differentiate.ts';
import type { StepOptions } from './step-options.ts';
import { updateParameters } from './update-parameters.ts';

/**
 * One training step. Inputs: `image` [N, C, H, W], `labels` int32 [N] or `targets` [N, classes], `weights` [N], `lr` (scalar), a mask for
 * each dropout, and what the optimiser declares. Outputs: `loss`, `logits` [N, classes], and `gradientNorms`, the squared norm of each
 * parameter's gradient in the order of `parametersOf`. Where one of them is not finite, the state stays as it was.
 */
export function stepProgram(options: StepOptions): Program {
  const half = differentiate(options, 'lr');
  updateParameters(half.parameters, half.gradientNorms, half.scalar, options);
  return guarded(half, `${options.network.name} step`, options.recompute);
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
