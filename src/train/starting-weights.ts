/** Weights that training starts from instead of random ones: a checkpoint of Skein, or what another tool trained. */
import type { Checkpoint } from '../checkpoint/index.ts';
import { numberedClasses } from '../data/index.ts';
import { canonicalGraph, type Head, headOf, type Program, type Value } from '../ir/index.ts';
import type { Network } from '../nn/index.ts';
import { predictingState, predictionProgram } from '../step/index.ts';
import { CheckpointError, ConfigError, formatShape, SkeinError, sameShape, type Tensor } from '../tensor/index.ts';
import { classesIn, foreignState, programOf, readWeights } from '../trained/index.ts';
import { classesAreRows, withRows } from './head-rows.ts';
import { type StartingHead, startingHead } from './starting-head.ts';
import { skeinCheckpoint } from './starting-preprocessing.ts';

/** The first state of a training, and what became of the head of the weights. */
export interface StartingState {
  readonly state: ReadonlyMap<string, Tensor>;
  readonly head?: StartingHead;
  /** The names of the entries that came from the weights. */
  readonly loaded: readonly string[];
}

/** The classes of the data, in the order of the logits, and whether the weights' are the same by position, whatever their names. */
export interface DataClasses {
  readonly classes: readonly string[];
  readonly classesByPosition: boolean;
  readonly isFineTuned: boolean;
  /** Whether a state entry will ever train. */
  readonly trains: (entry: string) => boolean;
}

/**
 * `initial` with all parameters and statistics from the file at `path`. The head is kept where the file knows the same classes, its rows in
 * the order of the data's, and else stays as it is in `initial`.
 * @param prediction of the network, whose state `initial` is
 * @throws CheckpointError where the file is of another network or other channels: nothing is half loaded
 */
export async function startingWeights(
  path: string,
  network: Network,
  prediction: Program,
  initial: ReadonlyMap<string, Tensor>,
  { classes, classesByPosition, isFineTuned, trains }: DataClasses,
): Promise<StartingState> {
  const weights = await readWeights(path);
  const checkpoint = skeinCheckpoint(path, weights);
  const [, channels = 0, height = 0, width = 0] = prediction.graph.inputs.get('image')?.type.shape ?? [];
  const tensors = checkpoint
    ? predictingState(checkpoint.tensors, prediction.graph)
    : foreignState(path, weights, network, { channels, height, width });
  const fits = ([name, { type }]: [string, Value]) => sameShape(tensors.get(name)?.shape ?? [-1], type.shape);
  const wanted = [...prediction.graph.state];
  const wrong = wanted.filter((entry) => !fits(entry));
  const head = headIn(prediction);
  const isOfHead = (name: string) => head?.entries.includes(name) === true;
  // for other classes: as many features, another number of rows
  const isOtherClasses = ([name, { type }]: [string, Value]) =>
    isOfHead(name) && sameShape(tensors.get(name)?.shape.slice(1) ?? [-1], type.shape.slice(1));
  const isHeadAlone = wanted.every(([name]) => isOfHead(name));
  if (!wrong.every(isOtherClasses) || (wrong.length > 0 && isHeadAlone)) {
    const reasons = wrong.filter((entry) => !isOtherClasses(entry));
    throw misfit(path, network, tensors, reasons.length > 0 ? reasons : wrong);
  }
  if (checkpoint) expectNetwork(path, checkpoint, network);

  const rows = wrong.length > 0 ? (tensors.get((wrong[0] as [string, Value])[0])?.shape[0] ?? 0) : classes.length;
  const known = checkpoint?.classes ?? classesIn(weights, rows).names ?? numberedClasses(rows);
  const areRows = () => head !== undefined && classesAreRows(prediction, classes.length);
  const { places, ...start } = startingHead({
    path: head?.path ?? 'head',
    known,
    classes,
    classesByPosition,
    isFineTuned,
    areRows,
  });
  const isRenewed = start.fate === 'renewed';
  const canLearn = head?.entries.every(trains) ?? false;
  if (isRenewed) expectUse(path, start, isHeadAlone || head === undefined, canLearn);

  const content = (name: string) => {
    const found = tensors.get(name) as Tensor;
    return places && isOfHead(name) ? withRows(found, places) : found;
  };
  const kept = wanted.filter(([name]) => !(isRenewed && isOfHead(name)));
  const state = new Map([...initial, ...kept.map(([name]) => [name, content(name)] as const)]);
  return { state, head: start, loaded: kept.map(([name]) => name) };
}

/** @throws CheckpointError where the weights are nothing but a head; ConfigError where a new head would never train */
function expectUse(path: string, { path: head, reason }: StartingHead, isAll: boolean, canLearn: boolean): void {
  if (isAll)
    throw new CheckpointError(
      `${path}: its weights are for other classes, and no part of the network could be kept without them: ${reason}`,
      'take weights of the same classes, or say that positions count: --classes-by-position',
    );
  if (!canLearn)
    throw new ConfigError(
      `${path}: its head is for other classes than the data and \`${head}\` starts anew, but it is frozen: ${reason}`,
      'leave the head out of --freeze',
    );
}

/** Undefined where the network has no layer that could be its head. */
function headIn(prediction: Program): Head | undefined {
  try {
    return headOf(prediction);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

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
