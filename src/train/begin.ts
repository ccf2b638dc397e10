/** A run's first state, or that of the run to go on with. */
import { assertStateMatches, type Checkpoint } from '../checkpoint/index.ts';
import type { EnginePlan } from '../engines/index.ts';
import { initialState, type Program } from '../ir/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { configOf, engineConfigOf, expectSameRecipe } from './config.ts';
import { recordedEngine } from './from-config.ts';
import { complete, keptEntries } from './kept-state.ts';
import type { PreparedRun, RunUnderWay } from './run.ts';
import type { RunSink } from './run-sink.ts';
import type { Settings, TrainOptions } from './settings.ts';
import { type Position, positionOf, start, trainingOf } from './snapshot.ts';
import { startingWeights } from './starting-weights.ts';

/** What a run goes on with. */
export interface Resumed extends Pick<Checkpoint, 'tensors'> {
  readonly position: Position;
}

/**
 * A run goes on with the engine that its sink records, unless another is named: only then are its numbers the same.
 * @throws ConfigError where there is no sink
 */
export async function asRecorded(options: TrainOptions, sink: RunSink | undefined): Promise<TrainOptions> {
  if (!sink) throw new ConfigError('train: `resume` needs the run folder', 'give it as `out`');
  const { engine, testEngine, ...rest } = recordedEngine(await sink.recorded());
  const named = options.engine !== undefined || engine === undefined;
  return { ...rest, ...(!named && { engine, ...(testEngine !== undefined && { testEngine }) }), ...options };
}

/** The run that `sink` holds. @throws CheckpointError, ConfigError where its last checkpoint is none of this run */
export async function resumedFrom(
  sink: RunSink,
  settings: Settings,
  whole: Program,
  recipe: Readonly<Record<string, unknown>>,
): Promise<Resumed> {
  const { name, checkpoint } = await sink.load('last');
  const { tensors } = checkpoint;
  const training = trainingOf(name, checkpoint);
  expectSameRecipe(training.config, recipe);
  const position = positionOf(name, training, settings);
  const types = [...keptEntries(whole)].map(([entry, { type }]) => [entry, type] as const);
  assertStateMatches(new Map(types), tensors, name);
  return { position, tensors };
}

/** A run whose state is loaded, and what is told of it. */
export interface Begun {
  readonly run: RunUnderWay;
  readonly plan: EnginePlan;
  /** The path of the head, where starting weights left it out. */
  readonly renewedHead: string | undefined;
}

/** Loads the state and records the configuration. @throws CheckpointError for starting weights that do not fit, EngineError */
export async function begin(prepared: PreparedRun, resumed: Resumed | undefined): Promise<Begun> {
  const { settings, recipe, programs, executable, sink } = prepared;
  const { network, seed, weights, splits } = settings;
  if (resumed) {
    const { position, tensors } = resumed;
    await executable.load(complete(tensors, programs.whole));
    const plan = await executable.plan();
    await sink.goOn(position.step, engineConfigOf(settings, plan));
    return { run: { ...prepared, position }, plan, renewedHead: undefined };
  }
  const initial = initialState(programs.whole.graph, seed);
  const { state, renewedHead } =
    weights === undefined
      ? { state: initial, renewedHead: undefined }
      : await startingWeights(weights, network, programs.whole, programs.network, initial, splits.train.classes);
  await executable.load(state);
  const plan = await executable.plan();
  await sink.begin(await configOf(settings, recipe, plan));
  return { run: { ...prepared, position: start() }, plan, renewedHead };
}
