/** A run's training step as ONNX files, from its checkpoint alone. */
import { assertStateMatches, type Checkpoint } from '../checkpoint/index.ts';
import type { Network } from '../nn/index.ts';
import { CheckpointError } from '../tensor/index.ts';
import { modelOf, optimiserOf } from './from-config.ts';
import { type StepOnnx, stepOnnx } from './step-onnx.ts';
import { stepProgram } from './step-program.ts';

export interface RunStepOptions {
  /** Where the network is none of Skein's. */
  readonly network?: Network;
  /** Default: the run's. */
  readonly batchSize?: number;
}

const ownNetwork = 'give the module that it comes from: --model ./net.mjs; from code, the option `network`';

/**
 * The step that the run of `checkpoint` takes, and the state that it stands at: weights, statistics, momenta.
 * @param path as messages name the checkpoint
 * @throws CheckpointError where it holds nothing to go on training from; ConfigError where its parts are none of Skein's
 */
export function runStepOnnx(path: string, checkpoint: Checkpoint, options: RunStepOptions = {}): StepOnnx {
  const { network: built, preprocessing, classes, training, tensors } = checkpoint;
  if (!training)
    throw new CheckpointError(
      `${path}: it can predict, but holds nothing to go on training from`,
      'give the last.safetensors of a run',
    );
  const { optimiser, labelSmoothing, batchSize } = training.config;
  const network = options.network ?? modelOf(path, { model: built.name, modelOptions: built.options }, ownNetwork);
  const program = stepProgram({
    network,
    image: preprocessing,
    classes: classes.length,
    batchSize: options.batchSize ?? (Number.isSafeInteger(batchSize) ? Number(batchSize) : 128),
    optimiser: optimiserOf(path, optimiser),
    labelSmoothing: typeof labelSmoothing === 'number' ? labelSmoothing : 0,
  });
  assertStateMatches(new Map([...program.graph.state].map(([name, { type }]) => [name, type])), tensors, path);
  return stepOnnx(program, tensors, {
    network: network.name,
    classes: JSON.stringify(classes),
    preprocessing: JSON.stringify(preprocessing),
  });
}
