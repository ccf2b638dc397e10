/** The prediction that a checkpoint holds, as a program. */
import type { Checkpoint } from '../checkpoint/index.ts';
import { defineProgram, freeze, graphFromJson, type Program } from '../ir/index.ts';
import { predictingState } from '../step/index.ts';
import { CheckpointError } from '../tensor/index.ts';

const damaged = 'the file is damaged, or another program changed it';

/**
 * Input `image` [batch, C, H, W], preprocessed as the checkpoint says; output `logits` [batch, classes]; the weights are state.
 * @param path as messages name the checkpoint
 * @throws CheckpointError where the parts of the file do not fit together
 */
export function programOf(path: string, checkpoint: Checkpoint, batch: number): Program {
  const { graph, outputs } = graphFromJson(checkpoint.graph, batch);
  const logits = outputs.get('logits');
  const image = graph.inputs.get('image');
  const { channels, height, width } = checkpoint.preprocessing;
  if (
    String(logits?.type.shape) !== String([batch, checkpoint.classes.length]) ||
    String(image?.type.shape) !== String([batch, channels, height, width])
  )
    throw new CheckpointError(`${path}: its network does not fit its classes and preprocessing`, damaged);
  return defineProgram({ name: checkpoint.network.name, graph, outputs, updates: new Map() });
}

/** The same with the checkpoint's weights as constants. @throws CheckpointError where the parts of the file do not fit together */
export function frozenProgramOf(path: string, checkpoint: Checkpoint, batch: number): Program {
  const program = programOf(path, checkpoint, batch);
  const state = predictingState(checkpoint.tensors);
  for (const name of program.graph.state.keys())
    if (!state.has(name))
      throw new CheckpointError(`${path}: its network needs \`${name}\`, which is not in the file`, damaged);
  try {
    return freeze(program, state);
  } catch (error) {
    throw new CheckpointError(`${path}: ${(error as Error).message}`, damaged);
  }
}
