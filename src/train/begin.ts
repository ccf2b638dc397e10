/** A run's first state, or that of the run to go on with. */
import { join } from 'node:path';
import { assertStateMatches, type Checkpoint, type TrainingProgress } from '../checkpoint/index.ts';
import { parseSplit } from '../data/index.ts';
import type { EnginePlan } from '../engines/index.ts';
import { initialState, isWithin, type Program } from '../ir/index.ts';
import { DataError } from '../tensor/index.ts';
import { digestOf, splitFile } from '../trained/index.ts';
import { BadImages } from './bad-images.ts';
import { configOf, engineConfigOf, expectSameRecipe, machineConfigOf } from './config.ts';
import { recordedEngine, recordedRanks } from './from-config.ts';
import { keptEntries } from './kept-state.ts';
import { openPhase, phasePrograms } from './open-phase.ts';
import { isOutOfPatience } from './patience.ts';
import { phaseAt, savedPhaseAt } from './phase-at.ts';
import { atRate, type RateSearch, searchRates } from './rate-search/index.ts';
import type { OpenPhase, PreparedRun, RunUnderWay } from './run.ts';
import type { BeforeData } from './run-data.ts';
import type { RunSink } from './run-sink.ts';
import type { Settings } from './settings.ts';
import type { Before } from './settle.ts';
import { type Position, positionOf, start, trainingOf } from './snapshot.ts';
import type { StartingHead } from './starting-head.ts';
import { type StartingState, startingWeights } from './starting-weights.ts';
import { lengthBefore } from './time-budget/index.ts';
import type { TrainOptions } from './train-options.ts';
import { type Transfer, transferOf } from './transfer.ts';

/** What a run goes on with. */
export interface Resumed extends Pick<Checkpoint, 'tensors'> {
  readonly position: Position;
  /** Whether a phase of the run was over, so that the next one begins. */
  readonly isPhaseOver: boolean;
  /** Whether it passed over images that cannot be read: the sink knows which. */
  readonly hasPassedOver: boolean;
  /** How many ranks trained it last, where there were several. */
  readonly ranksBefore: number | undefined;
}

/** The run that a sink holds, as it was left. */
export interface RunBefore extends Before {
  /** What messages call its last checkpoint. */
  readonly name: string;
  readonly checkpoint: Checkpoint;
  readonly training: TrainingProgress;
  /** What the sink recorded, whatever that is. */
  readonly config: unknown;
}

/** @throws CheckpointError, DataError where it is damaged */
export async function runBefore(sink: RunSink, changedData = false): Promise<RunBefore> {
  const { name, checkpoint } = await sink.load('last');
  const training = trainingOf(name, checkpoint);
  const { preprocessing } = checkpoint;
  const draws = training.config.augmentationDraws === 'each' ? 'each' : 'shared';
  const { augment } = training.config;
  const batchSize = typeof training.config.batchSize === 'number' ? training.config.batchSize : undefined;
  const data = await dataBefore(sink, training, changedData);
  const length = lengthBefore(training.config);
  const { schedule } = training.config;
  const recorded = {
    preprocessing,
    recipe: training.config,
    augment: Array.isArray(augment) ? augment : [],
    batchSize,
  };
  const config = await sink.recorded();
  return { name, checkpoint, training, config, ...recorded, schedule, length, draws, data };
}

/** The list is newer than the checkpoint where the run went on with changed data and ended before it saved. */
async function dataBefore(sink: RunSink, { data }: TrainingProgress, changedData: boolean): Promise<BeforeData> {
  if (!data) return 'no list';
  const text = await sink.split();
  if (text === undefined) return { digest: data.split };
  const where = join(sink.name, splitFile);
  const samples = parseSplit(where, text);
  if (digestOf(samples) === data.split) return { samples, sizes: data.sizes, isNewer: false };
  if (changedData) return { samples, isNewer: true };
  throw new DataError(
    `${where}: expected the list of images that the checkpoint was trained on, but it is another one`,
    'where the run was going on with changed data, go on with this list: --changed-data (changedData: true); else put the run’s own list back',
  );
}

/**
 * A run goes on with the engine that it recorded, unless another is named: only then are its numbers the same.
 * @param config that its sink recorded
 */
export function asRecorded(options: TrainOptions, config: unknown): TrainOptions {
  const { engine, testEngine, ...rest } = recordedEngine(config);
  const named = options.engine !== undefined || engine === undefined;
  return { ...rest, ...(!named && { engine, ...(testEngine !== undefined && { testEngine }) }), ...options };
}

/** @throws CheckpointError, ConfigError where the checkpoint is none of a run with these settings */
export function resumedFrom(
  { name, checkpoint, training, config }: RunBefore,
  settings: Settings,
  network: Program,
  recipe: Readonly<Record<string, unknown>>,
): Resumed {
  const { tensors } = checkpoint;
  // minutes became steps, and nothing was saved since
  const isLengthNewer = training.config.maxMinutes !== undefined && training.config.maxSteps === undefined;
  const ranksBefore = recordedRanks(config);
  // one process has the statistics of the whole batch, and earlier versions did not record whose a rank took
  const maySync = settings.syncBatchNorm && ranksBefore === undefined;
  const free = [
    'onBadImage',
    'patience',
    ...(settings.changes === undefined ? [] : ['samples', 'maxSteps', 'epochs']),
    ...(isLengthNewer ? ['epochs', 'maxSteps'] : []),
    ...(maySync ? ['syncBatchNorm'] : []),
  ];
  expectSameRecipe(training.config, recipe, free, name);
  const position = positionOf(name, training, settings);
  const saved = savedPhaseAt(settings, position.epoch, position.partial.count === 0);
  const { whole } = phasePrograms({ settings, network }, saved.phase);
  const entries = new Map([...network.graph.state, ...keptEntries(whole)]);
  const types = [...entries].map(([entry, { type }]) => [entry, type] as const);
  assertStateMatches(new Map(types), tensors, name);
  const hasPassedOver = training.config.onBadImage === 'skip';
  return { position, tensors, isPhaseOver: saved.isOver, hasPassedOver, ranksBefore };
}

/** A run whose first phase is open, and what is told of it. */
export interface Begun {
  readonly run: RunUnderWay;
  readonly plan: EnginePlan;
  /** What became of the head of starting weights. */
  readonly startingHead: StartingHead | undefined;
  /** What came from them, where the run begins. */
  readonly transfer: Transfer | undefined;
  /** What a search for the learning rate found. */
  readonly rates: RateSearch | undefined;
}

/**
 * Loads the state and records the configuration.
 * @param open hears of the phase as soon as its engine runs, so that it is ended whatever follows
 * @throws CheckpointError for starting weights that do not fit, EngineError
 */
export async function begin(
  prepared: PreparedRun,
  resumed: Resumed | undefined,
  open: (phase: OpenPhase) => void,
): Promise<Begun> {
  const { settings, network, sink, askedCache } = prepared;
  if (resumed) {
    const { position, tensors, isPhaseOver, hasPassedOver, ranksBefore } = resumed;
    const measured = hasPassedOver ? await sink.measured() : [];
    // what was met after the checkpoint is met, and told, again
    const before = measured.flatMap((one) => (one.kind === 'bad image' && one.step <= position.step ? [one] : []));
    const ground = { ...prepared, position, badImages: new BadImages(before) };
    const phase = await openPhase(ground, phaseAt(settings, position.epoch), { tensors, isNew: isPhaseOver });
    open(phase);
    const plan = await phase.executable.plan();
    const { changes, dataRecord, epochs } = settings;
    const isOver = position.epoch === epochs || isOutOfPatience(settings, position);
    const changed = {
      ...engineConfigOf(settings, plan, ranksBefore),
      ...machineConfigOf(settings, askedCache),
      syncBatchNorm: settings.syncBatchNorm || undefined,
    };
    const at = { epoch: position.epoch, step: position.step };
    await sink.goOn(at, changed, isOver || !changes ? undefined : dataRecord?.text);
    return { run: { ...ground, ...phase }, plan, startingHead: undefined, transfer: undefined, rates: undefined };
  }
  const started = await firstState(settings, network);
  const first = { ...prepared, position: start(), badImages: new BadImages() };
  const phase = await openPhase(first, phaseAt(settings, 0), { tensors: started.state, isNew: true });
  open(phase);
  const plan = await phase.executable.plan();
  const rates = settings.findLr ? await searchRates({ ...first, ...phase }) : undefined;
  for (const { onRates } of rates ? prepared.callbacks : []) onRates?.(rates as RateSearch);
  const ground = rates ? atRate(first, rates) : first;
  const library = (await settings.engine.facts?.())?.version;
  const config = await configOf(ground.settings, ground.recipe, { ...plan, library }, askedCache);
  await sink.begin(config, settings.dataRecord?.text);
  if (rates) await sink.log({ kind: 'rates', step: 0, ...rates });
  return {
    run: { ...ground, ...phase },
    plan,
    startingHead: started.head,
    transfer: transferOf(settings, started),
    rates,
  };
}

/** Random, or from weights. */
async function firstState(settings: Settings, network: Program): Promise<StartingState> {
  const { seed, weights, splits, classesByPosition, phases, fineTune } = settings;
  const initial = initialState(network.graph, seed);
  if (weights === undefined) return { state: initial, loaded: [] };
  const data = { classes: splits.train.classes, classesByPosition, isFineTuned: fineTune !== undefined };
  const trains = (name: string) => phases.some(({ freeze }) => !freeze.some((path) => isWithin(name, path)));
  return startingWeights(weights.path, settings.network, network, initial, { ...data, trains });
}
