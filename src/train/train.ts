/** Training from options: settled, given a folder and an engine, and begun or gone on with. */
import { assertStateMatches, loadCheckpoint } from '../checkpoint/index.ts';
import { graphFromJson, graphToJson, type Program } from '../ir/index.ts';
import { ConfigError, EngineError } from '../tensor/index.ts';
import { expectSameRecipe, recipeOf } from './config.ts';
import { existingRunFolder, newRunFolder, type RunFolder } from './run-folder.ts';
import { type Settings, settle, type TrainOptions } from './settings.ts';
import { positionOf, trainingOf } from './snapshot.ts';
import { predictionProgram, stepProgram } from './step-program.ts';
import { type Resumed, type Run, TrainingRun } from './training-run.ts';

/**
 * Trains `model` on `data` and saves into a run folder: `last` and `best` checkpoints, config.yaml, metrics.jsonl, results.csv,
 * and at its end report.html.
 * @throws ConfigError, DataError for options or data that cannot work; TrainingError where the loss or a gradient is not finite;
 *   CheckpointError where the run to go on with is damaged, or nothing can be saved; EngineError where the engine fails
 */
export async function train(options: TrainOptions): Promise<Run> {
  const settings = await settle(options);
  const { network, image, splits, batchSize } = settings;
  const sizes = { network, image, classes: splits.train.classes.length, batchSize };
  const programs = { step: stepProgram({ ...sizes, ...settings }), predict: predictionProgram(sizes) };
  expectAnyBatch(programs.predict, batchSize);
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
  programs: TrainingRun['programs'],
  options: TrainOptions,
): Promise<Run> {
  const recipe = recipeOf(settings);
  const resumed = options.resume ? await resumedFrom(folder.last, settings, programs.step, recipe) : undefined;
  const { threads } = settings;
  const executable = await settings.engine.compile(programs, threads === undefined ? {} : { threads });
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
  assertStateMatches(new Map([...graph.state].map(([name, { type }]) => [name, type])), tensors, path);
  return { position, tensors };
}
