/** Weights that training starts from instead of random ones: a checkpoint of Skein, or what another tool trained. */
import { type Checkpoint, checkpointOf } from '../checkpoint/index.ts';
import { canonicalGraph, headOf, type Program, type Value } from '../ir/index.ts';
import type { Network } from '../nn/index.ts';
import { predictingState, predictionProgram } from '../step/index.ts';
import { CheckpointError, ConfigError, formatShape, SkeinError, sameShape, type Tensor } from '../tensor/index.ts';
import { foreignState, programOf, readWeights } from '../trained/index.ts';

/** The first state of a training, and what of it is not from the file. */
export interface StartingState {
  readonly state: ReadonlyMap<string, Tensor>;
  /** The path of the head, where the file's is for other classes and this one starts anew. */
  readonly renewedHead?: string;
}

/**
 * `initial` with all parameters and statistics of `program` from the file at `path`; the optimiser's own entries stay. A head for another
 * number of classes stays as it is in `initial`.
 * @param prediction of the same network
 * @param classes of the data, in the order of the logits
 * @throws CheckpointError where the file is of another network or other channels: nothing is half loaded
 */
export async function startingWeights(
  path: string,
  network: Network,
  program: Program,
  prediction: Program,
  initial: ReadonlyMap<string, Tensor>,
  classes: readonly string[],
): Promise<StartingState> {
  const weights = await readWeights(path);
  const isOurs = weights.source === 'safetensors' && weights.metadata.kind === 'skein-checkpoint';
  const checkpoint = isOurs ? checkpointOf(path, weights) : undefined;
  const [, channels = 0, height = 0, width = 0] = prediction.graph.inputs.get('image')?.type.shape ?? [];
  const tensors = checkpoint
    ? predictingState(checkpoint.tensors, prediction.graph)
    : foreignState(path, weights, network, { channels, height, width });
  const fits = ([name, { type }]: [string, Value]) => sameShape(tensors.get(name)?.shape ?? [-1], type.shape);
  const wanted = [...program.graph.state].filter(([, { source }]) => isPredicted(source));
  const wrong = wanted.filter((entry) => !fits(entry));
  const head = wrong.length > 0 ? headOf(prediction) : undefined;
  // for other classes: as many features, another number of rows
  const isOtherClasses = ([name, { type }]: [string, Value]) =>
    head?.entries.includes(name) === true && sameShape(tensors.get(name)?.shape.slice(1) ?? [-1], type.shape.slice(1));
  const isHeadAlone = wanted.every(([name]) => head?.entries.includes(name));
  if (!wrong.every(isOtherClasses) || (head && isHeadAlone)) {
    const reasons = wrong.filter((entry) => !isOtherClasses(entry));
    throw misfit(path, network, tensors, reasons.length > 0 ? reasons : wrong);
  }
  if (head?.entries.some((name) => !program.graph.trains(name)))
    throw new ConfigError(
      `${path}: its head is for other classes than the data and \`${head.path}\` starts anew, but it is frozen`,
      'leave the head out of --freeze',
    );
  if (checkpoint) expectNetwork(path, checkpoint, network);
  if (checkpoint && !head) expectOrder(path, checkpoint.classes, classes);

  const kept = wanted.filter(([name]) => !head?.entries.includes(name));
  const state = new Map([...initial, ...kept.map(([name]) => [name, tensors.get(name) as Tensor] as const)]);
  // an average starts where the entry does that it follows
  for (const [name, { source }] of program.graph.state)
    if (source.kind === 'state' && source.like !== undefined) state.set(name, state.get(source.like) as Tensor);
  return { state, ...(head && { renewedHead: head.path }) };
}

const isPredicted = (source: Value['source']) =>
  source.kind === 'state' && (source.role === 'parameter' || source.role === 'statistic');

function misfit(
  path: string,
  network: Network,
  tensors: ReadonlyMap<string, Tensor>,
  wrong: readonly [string, Value][],
): CheckpointError {
  const found = (name: string) => formatShape(tensors.get(name)?.shape ?? []);
  const listed = wrong.map(
    ([name, { type }]) =>
      `\`${name}\` is ${tensors.has(name) ? found(name) : 'missing'}, not ${formatShape(type.shape)}`,
  );
  const more = wrong.length > 3 ? `; … (${wrong.length} in all)` : '';
  return new CheckpointError(
    `${path}: its weights do not fit ${network.name} with this data: ${listed.slice(0, 3).join('; ')}${more}`,
    'name the network that they are of, and data with as many channels; a head for other classes would start anew',
  );
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

/** @throws CheckpointError unless the network computes what the checkpoint does, on images of the checkpoint's size */
function expectNetwork(path: string, checkpoint: Checkpoint, network: Network): void {
  const { channels, height, width } = checkpoint.preprocessing;
  const sizes = { image: { channels, height, width }, classes: checkpoint.classes.length, batchSize: 1 };
  const trained = canonicalGraph(programOf(path, checkpoint, 1));
  try {
    if (canonicalGraph(predictionProgram({ network, ...sizes })) === trained) return;
  } catch (error) {
    // it takes no images of that size
    if (!(error instanceof SkeinError)) throw error;
  }
  throw new CheckpointError(
    `${path}: its weights have the shapes of ${network.name}, but were trained in another network, ${checkpoint.network.name}, ` +
      'and would mean something else',
    'name the network that they are of, with its options',
  );
}
