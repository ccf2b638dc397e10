/** Weights that training starts from instead of random ones: a checkpoint of Skein, or what another tool trained. */
import { type Checkpoint, checkpointOf } from '../checkpoint/index.ts';
import { graphToJson, type Program } from '../ir/index.ts';
import type { Network } from '../nn/index.ts';
import { CheckpointError, formatShape, SkeinError, sameShape, type Tensor } from '../tensor/index.ts';
import { programOf } from './checkpoint-program.ts';
import { foreignState } from './import/fit-network.ts';
import { readWeights } from './import/read-weights.ts';
import { predictionProgram } from './step-program.ts';

/**
 * `initial` with all parameters and statistics of `program` from the file at `path`; the optimiser's own entries stay.
 * @param classes of the data, in the order of the logits
 * @throws CheckpointError where the file is of another network, classes or channels: nothing is half loaded
 */
export async function startingWeights(
  path: string,
  network: Network,
  program: Program,
  initial: ReadonlyMap<string, Tensor>,
  classes: readonly string[],
): Promise<Map<string, Tensor>> {
  const weights = await readWeights(path);
  const isOurs = weights.source === 'safetensors' && weights.metadata.kind === 'skein-checkpoint';
  const checkpoint = isOurs ? checkpointOf(path, weights) : undefined;
  const [, channels = 0, height = 0, width = 0] = program.graph.inputs.get('image')?.type.shape ?? [];
  const tensors = checkpoint?.tensors ?? foreignState(path, weights, network, { channels, height, width });
  const state = new Map(initial);
  const wrong: string[] = [];
  for (const [name, { source, type }] of program.graph.state) {
    if (source.kind !== 'state' || source.role === 'optimiser') continue;
    const found = tensors.get(name);
    if (found && sameShape(found.shape, type.shape)) state.set(name, found);
    else wrong.push(`\`${name}\` is ${found ? formatShape(found.shape) : 'missing'}, not ${formatShape(type.shape)}`);
  }
  if (wrong.length > 0)
    throw new CheckpointError(
      `${path}: its weights do not fit ${network.name} with this data: ${wrong.slice(0, 3).join('; ')}${wrong.length > 3 ? `; … (${wrong.length} in all)` : ''}`,
      'name the network that they are of, and data with as many classes and channels',
    );
  if (checkpoint && !isOf(path, checkpoint, network))
    throw new CheckpointError(
      `${path}: its weights have the shapes of ${network.name}, but were trained in another network, ${checkpoint.network.name}, ` +
        'and would mean something else',
      'name the network that they are of, with its options',
    );
  if (checkpoint) expectOrder(path, checkpoint.classes, classes);
  return state;
}

/** A class that both know must be the same output. */
function expectOrder(path: string, known: readonly string[], classes: readonly string[]): void {
  const moved = classes.findIndex((name, i) => name !== known[i] && known.includes(name));
  if (moved >= 0)
    throw new CheckpointError(
      `${path}: class ${moved} of the data is ${classes[moved]}, but its weights know it as ${known[moved]}`,
      'put the classes in the order that the weights were trained with',
    );
}

/** Whether the network computes what the checkpoint does, on images of the checkpoint's size: others may be trained with. */
function isOf(path: string, checkpoint: Checkpoint, network: Network): boolean {
  const { channels, height, width } = checkpoint.preprocessing;
  const sizes = { image: { channels, height, width }, classes: checkpoint.classes.length, batchSize: 1 };
  const trained = graphToJson(programOf(path, checkpoint, 1));
  try {
    return graphToJson(predictionProgram({ network, ...sizes })) === trained;
  } catch (error) {
    // it takes no images of that size
    if (error instanceof SkeinError) return false;
    throw error;
  }
}
