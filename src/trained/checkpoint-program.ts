/** The prediction that a checkpoint holds, as a program. */
import { totalmem } from 'node:os';
import type { Checkpoint } from '../checkpoint/index.ts';
import { defineProgram, expectFoldable, freeze, graphFromJson, type Program, plan, type Value } from '../ir/index.ts';
import { predictingState } from '../step/index.ts';
import { CheckpointError, formatShape, SkeinError, sameShape } from '../tensor/index.ts';

const damaged = 'the file is damaged, or another program changed it';

/**
 * Input `image` [batch, C, H, W], preprocessed as the checkpoint says; output `logits` [batch, classes]; the weights are state.
 * @param path as messages name the checkpoint
 * @throws CheckpointError where the parts of the file do not fit together
 */
export function programOf(path: string, checkpoint: Checkpoint, batch: number): Program {
  const { graph, outputs } = namingFile(path, () => graphFromJson(checkpoint.graph, batch));
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

/**
 * The same, where the file also holds the weights.
 * @throws CheckpointError where it does not, its parts do not fit together, or far more than its weights would be computed from them
 */
export function wholeProgramOf(path: string, checkpoint: Checkpoint, batch: number): Program {
  const program = programOf(path, checkpoint, batch);
  for (const [name, { type }] of program.graph.state) {
    const found = checkpoint.tensors.get(name);
    if (!found) throw new CheckpointError(`${path}: its network needs \`${name}\`, which is not in the file`, damaged);
    if (found.dtype !== type.dtype || !sameShape(found.shape, type.shape))
      throw new CheckpointError(
        `${path}: its network needs \`${name}\` as ${type.dtype} ${formatShape(type.shape)}, but in the file it is ${found.dtype} ${formatShape(found.shape)}`,
        damaged,
      );
  }
  namingFile(path, () => expectFoldable(program));
  return program;
}

/** What `read` returns; its errors name the file. */
function namingFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error;
    throw new CheckpointError(`${path}: ${error.message}`, error.hint ?? damaged);
  }
}

/** What this process may use, in bytes. */
const memory = () => Math.min(totalmem(), process.constrainedMemory() || totalmem());

/**
 * Holds the maps of one run against the memory of this machine, before an engine is asked for them.
 * @throws CheckpointError where `program`, of `batch` images, cannot fit
 */
export function expectRoom(path: string, program: Program, batch: number): void {
  // an engine may write a result over what it was computed from
  const least = plan(program).peakActivationBytes / 2;
  if (least <= memory()) return;
  const images = batch === 1 ? 'one image' : `${batch} images together`;
  throw new CheckpointError(
    `${path}: expected its network to need at most the ${gibibytes(memory())} of memory that there are, but for ${images} it needs at least ${gibibytes(least)}`,
    batch === 1 ? damaged : 'take fewer images together',
  );
}

const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** What a program is asked for in place of its logits. @throws ConfigError where it has no such values */
export type OutputsOf = (program: Program) => ReadonlyMap<string, Value>;

/** The same with the checkpoint's weights as constants. @throws CheckpointError where the parts of the file do not fit together */
export function frozenProgramOf(path: string, checkpoint: Checkpoint, batch: number, outputsOf?: OutputsOf): Program {
  const whole = wholeProgramOf(path, checkpoint, batch);
  const program = outputsOf ? { ...whole, outputs: outputsOf(whole) } : whole;
  try {
    return freeze(program, predictingState(checkpoint.tensors, whole.graph));
  } catch (error) {
    throw new CheckpointError(`${path}: ${(error as Error).message}`, damaged);
  }
}
