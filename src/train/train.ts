/** Training from options: settled, given a folder and an engine, and begun or gone on with. */
import { join } from 'node:path';
import { assertStateMatches, loadCheckpoint } from '../checkpoint/index.ts';
import type { Executable } from '../engines/index.ts';
import { graphFromJson, graphToJson, type Program } from '../ir/index.ts';
import { type TrainingPrograms, trainingPrograms } from '../step/index.ts';
import { ConfigError, EngineError } from '../tensor/index.ts';
import { expectSameRecipe, recipeOf } from './config.ts';
import { recordedEngine } from './from-config.ts';
import { existingRunFolder, newRunFolder, type RunFolder } from './run-folder.ts';
import { type Settings, settle, type TrainOptions } from './settings.ts';
import { positionOf, trainingOf } from './snapshot.ts';
import { isKept, type Resumed, type Run, TrainingRun } from './training-run.ts';

/**
 * Trains `model` on `data` and saves into a run folder: `last` and `best` checkpoints, config.yaml, metrics.jsonl, results.csv,
 * and at its end report.html.
 * @throws ConfigError, DataError for options or data that cannot work; TrainingError where the loss or a gradient is not finite;
 *   CheckpointError where the run to go on with is damaged, or nothing can be saved; EngineError where the engine fails
 */
export async function train(options: TrainOptions): Promise<Run> {
  const settings = await settle(options.resume ? await goingOn(options) : options);
  const { network, splits, batchSize, average, clipNorm, accumulate, ...others } = settings;
  const programs = trainingPrograms(
    {
      ...others,
      network,
      batchSize,
      classes: splits.train.classes.length,
      ...(average && { average }),
      ...(clipNorm !== undefined && { clipNorm }),
    },
    accumulate,
  );
  expectAnyBatch(programs.network, batchSize);
  const folder = options.resume ? await existingRunFolder(options.out) : await newRunFolder(network.name, options.out);
  try {
    return await trainIn(folder, settings, programs, options);
  } finally {
    await folder.leave();
  }
}

async function trainIn(
  folder: RunFolder,
  settings: Settings,
  programs: TrainingPrograms,
  options: TrainOptions,
): Promise<Run> {
  const recipe = recipeOf(settings);
  const resumed = options.resume ? await resumedFrom(folder.last, settings, programs.whole, recipe) : undefined;
  const executable = await compiled(settings, programs, options);
  try {
    const run = new TrainingRun(settings, programs, folder, executable, recipe);
    await run.begin(resumed);
    return await run.finish(options);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const saved = `what is saved in ${folder.path} is untouched`;
    throw new EngineError(error.message, error.hint === undefined ? saved : `${error.hint}; ${saved}`);
  } finally {
    await executable.dispose();
  }
}

/** A run goes on with the engine that its folder records, unless another is named: only then are its numbers the same. */
async function goingOn(options: TrainOptions): Promise<TrainOptions> {
  if (options.out === undefined) return options;
  const { engine, testEngine, ...rest } = await recordedEngine(join(options.out, 'config.yaml'));
  const named = options.engine !== undefined || engine === undefined;
  return { ...rest, ...(!named && { engine, ...(testEngine !== undefined && { testEngine }) }), ...options };
}

async function compiled(
  { engine, precision, threads }: Settings,
  programs: TrainingPrograms,
  { resume }: TrainOptions,
): Promise<Executable> {
  try {
    return await engine.compile(programs.entries, { precision, ...(threads !== undefined && { threads }) });
  } catch (error) {
    if (!resume || !(error instanceof EngineError)) throw error;
    const another = `--engine auto${precision === 'float32' ? '' : ' --precision float32'}`;
    throw new EngineError(
      `train: the run cannot go on with the engine ${engine.name} here: ${error.message}`,
      `${error.hint === undefined ? '' : `${error.hint}; or `}go on with another engine: ${another} (a checkpoint fits every engine, but the numbers are then not the same to the bit)`,
    );
  }
}

/** A checkpoint's network must run at every batch size. @throws ConfigError where the network fixes it */
function expectAnyBatch(prediction: Program, batchSize: number): void {
  const other = batchSize + 1;
  let reason = '';
  try {
    const { outputs } = graphFromJson(graphToJson(prediction), other);
    if (outputs.get('logits')?.type.shape[0] === other) return;
  } catch (error) {
    reason = `: ${(error as Error).message}`;
  }
  throw new ConfigError(
    `train: the network of \`${prediction.name}\` only works at the batch size that it was built for${reason}`,
    'keep the batch out of shapes: flatten(x), and -1 in reshape(), leave it open',
  );
}

/** What a run goes on with. @throws CheckpointError, ConfigError where the checkpoint is none of this run */
async function resumedFrom(
  path: string,
  settings: Settings,
  { graph }: Program,
  recipe: Readonly<Record<string, unknown>>,
): Promise<Resumed> {
  const checkpoint = await loadCheckpoint(path);
  const { tensors } = checkpoint;
  const training = trainingOf(path, checkpoint);
  expectSameRecipe(training.config, recipe);
  const position = positionOf(path, training, settings);
  const kept = [...graph.state].filter(([, entry]) => isKept(entry));
  assertStateMatches(new Map(kept.map(([name, { type }]) => [name, type])), tensors, path);
  return { position, tensors };
}
