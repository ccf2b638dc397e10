/** A checkpoint's weights under the names of other tools: the way back from `importWeights`. */
import type { Checkpoint } from '../checkpoint/index.ts';
import { canonicalGraph } from '../ir/index.ts';
import { foreignNames, inferNetwork, type Naming, writtenNamings } from '../models/index.ts';
import { predictingState, predictionProgram } from '../step/index.ts';
import { CheckpointError, ConfigError, encodeSafetensors, SkeinError, type Tensor, tensor } from '../tensor/index.ts';
import { checkpointMetadata } from './checkpoint-metadata.ts';
import { programOf } from './checkpoint-program.ts';
import { version } from './version.ts';

/** A safetensors file, and whose names its tensors have. */
export interface NetworkWeights {
  readonly bytes: Uint8Array;
  /** As people call them: `torchvision`. */
  readonly naming: string;
  readonly tensors: number;
}

/**
 * The state of a checkpoint's network as safetensors, under the names by which torchvision, timm or common scripts know such a
 * network, and with `num_batches_tracked` for each batch norm, so that PyTorch loads it strictly. The metadata are those of
 * `networkOnnx`.
 * @param path as messages name the checkpoint
 * @throws ConfigError where no other tool has such a network; CheckpointError where the parts of the file do not fit together
 */
export function networkWeights(path: string, checkpoint: Checkpoint): NetworkWeights {
  const program = programOf(path, checkpoint, 1);
  const predicting = predictingState(checkpoint.tensors, program.graph);
  const state = new Map<string, Tensor>();
  for (const name of program.graph.state.keys()) {
    const found = predicting.get(name);
    if (!found) throw new CheckpointError(`${path}: its network needs \`${name}\`, which is not in the file`);
    state.set(name, found);
  }
  const naming = conventionOf(checkpoint, state, canonicalGraph(program));
  const names = naming && foreignNames(naming, state.keys());
  if (!naming || !names)
    throw new ConfigError(
      `${path}: no other tool that Skein knows has a network like ${checkpoint.network.name}, so there are no names to give its weights`,
      'the .safetensors file itself can be read anywhere, under the names of Skein; --onnx runs anywhere',
    );
  const tensors = new Map<string, Tensor>();
  for (const [skein, { name, as }] of names) {
    const { dtype, shape, data } = state.get(skein) as Tensor;
    tensors.set(name, as === '1x1 convolution' ? tensor(dtype, [...shape, 1, 1], data) : { dtype, shape, data });
    if (name.endsWith('.running_var'))
      tensors.set(name.replace(/running_var$/, 'num_batches_tracked'), tensor('int64', [], BigInt64Array.of(0n)));
  }
  const metadata = { format: 'pt', skein: version, ...checkpointMetadata(checkpoint) };
  return { bytes: encodeSafetensors(tensors, metadata), naming: naming.name, tensors: tensors.size };
}

/** The naming whose readers would take the weights for exactly this network: the same graph, not only the same shapes. */
function conventionOf(checkpoint: Checkpoint, state: ReadonlyMap<string, Tensor>, graph: string): Naming | undefined {
  const shapes = new Map([...state].map(([name, { shape }]) => [name, shape]));
  const { channels, height, width } = checkpoint.preprocessing;
  const sizes = { image: { channels, height, width }, classes: checkpoint.classes.length, batchSize: 1 };
  for (const naming of writtenNamings) {
    if (!foreignNames(naming, state.keys())) continue;
    try {
      const { form, network } = inferNetwork(shapes, naming);
      const program = predictionProgram({ network, ...sizes });
      if (naming.writes.includes(form) && canonicalGraph(program) === graph) return naming;
    } catch (error) {
      // not this one
      if (!(error instanceof SkeinError)) throw error;
    }
  }
  return undefined;
}
