/** Training from options: settled and recorded once, run, and closed. */
import { cropAt } from '../data/index.ts';
import type { Executable } from '../engines/index.ts';
import { countParams } from '../ir/index.ts';
import { Pipeline, usualWorkers } from '../pipeline/index.ts';
import type { TrainingPrograms } from '../step/index.ts';
import { ConfigError, DataError, EngineError } from '../tensor/index.ts';
import { changesText } from '../trained/index.ts';
import { asRecorded, type Begun, begin, type RunBefore, resumedFrom, runBefore } from './begin.ts';
import { close } from './close.ts';
import { recipeOf } from './config.ts';
import type { StartEvent } from './events.ts';
import { freeFolder } from './free-folder.ts';
import { recipeRows } from './recipe-rows.ts';
import type { PreparedRun, Run } from './run.ts';
import { runEpochs } from './run-epochs.ts';
import { RunFolder } from './run-folder.ts';
import { expectUsableImage, programsOf } from './run-programs.ts';
import { type RunSink, withKept } from './run-sink.ts';
import { type Settings, settle, type TrainOptions } from './settings.ts';
import { stepFacts } from './step-facts.ts';
import { meanWaiting } from './waiting.ts';

/**
 * Trains `model` on `data` and saves into a run folder: `last` and `best` checkpoints, config.yaml, metrics.jsonl, results.csv,
 * and at its end report.html; or into another sink, such as `memorySink()`.
 * @throws ConfigError, DataError for options or data that cannot work; TrainingError where the loss or a gradient is not finite;
 *   CheckpointError where the run to go on with is damaged, or nothing can be saved; EngineError where the engine fails
 */
export async function train(options: TrainOptions): Promise<Run> {
  const { out } = options;
  const given = typeof out === 'string' ? new RunFolder(out) : out;
  if (options.resume) return goOnWith(given, options);
  const settings = await settle(options);
  const programs = programsOf(settings);
  expectUsableImage(settings, programs.network);
  const sink = given ?? new RunFolder(await freeFolder(settings.network.name), { isNew: true });
  return using(sink, false, () => trainInto(sink, settings, programs, options));
}

/** The data is split as the run split it, so what it left is looked at first. */
async function goOnWith(sink: RunSink | undefined, options: TrainOptions): Promise<Run> {
  if (!sink) throw new ConfigError('train: `resume` needs the run folder', 'give it as `out`');
  return using(sink, true, async () => {
    const before = await runBefore(sink, options.changedData);
    const settings = await settle(await asRecorded(options, sink), before);
    return trainInto(sink, settings, programsOf(settings), options, before);
  });
}

async function using(sink: RunSink, resume: boolean, run: () => Promise<Run>): Promise<Run> {
  await sink.take({ resume });
  try {
    return await run();
  } finally {
    await sink.leave();
  }
}

async function trainInto(
  sink: RunSink,
  settings: Settings,
  programs: TrainingPrograms,
  { callbacks = [], signal, cache: askedCache }: TrainOptions,
  before?: RunBefore,
): Promise<Run> {
  const recipe = recipeOf(settings);
  const resumed = before && resumedFrom(before, settings, programs.whole, recipe);
  const executable = await compiled(settings, programs, before !== undefined);
  const onNote = (text: string): void => {
    for (const callback of callbacks) callback.onNote?.(text);
  };
  const pipeline = new Pipeline({ ...settings, workers: settings.workers ?? usualWorkers(), onNote });
  try {
    const prepared = { settings, recipe, programs, executable, pipeline, askedCache, sink, callbacks, signal };
    return await runToItsEnd(await begin(prepared, resumed));
  } catch (error) {
    if (error instanceof EngineError) throw new EngineError(error.message, withKept(error.hint, sink));
    if (error instanceof DataError) throw new DataError(error.message, withKept(error.hint, sink));
    throw error;
  } finally {
    await pipeline.close();
    await executable.dispose();
  }
}

async function compiled(
  { engine, precision, threads }: Settings,
  programs: TrainingPrograms,
  resume: boolean,
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

/** The epochs that are left, and the test at the end. */
async function runToItsEnd({ run, ...begun }: Begun): Promise<Run> {
  const { executable, programs, position, sink, pipeline } = run;
  const params = countParams(programs.whole.graph);
  announce(run, begun, { params, step: position.step });
  const { epochs, stopped } = await runEpochs(run);
  const { closed, plan } =
    stopped === 'interrupted'
      ? { closed: undefined, plan: await executable.plan() }
      : await close(run, epochs.length > 0);
  const { engine, precision, threads, peakBytes } = plan;
  const cache = await pipeline.folderUse();
  const { train } = run.settings.splits;
  return {
    folder: sink.name,
    stopped: closed ? stopped : 'interrupted',
    epochs,
    best: position.best,
    ...(closed ?? { test: undefined, report: undefined }),
    badImages: run.badImages.all,
    waiting: meanWaiting(epochs),
    pipeline: train.images && run.pipeline.means,
    steps: stepFacts(run.settings, epochs),
    params,
    engine,
    precision,
    threads,
    peakBytes,
    ...(cache && { cache }),
  };
}

function announce(
  { settings, recipe, sink, callbacks, pipeline }: PreparedRun,
  { plan, startingHead }: Omit<Begun, 'run'>,
  at: { readonly params: number; readonly step: number },
): void {
  const { engine, precision, threads } = plan;
  const { engineReason, splits, freeze, image, batchSize, heldOut, startingPreprocessing, onBadImage } = settings;
  const { train, validation, problems = [] } = splits;
  const changes = settings.changes && changesText(settings.changes);
  const started: StartEvent = {
    params: at.params,
    classes: train.classes.length,
    image,
    isScaled: train.sizes !== undefined,
    isCut: cropAt(settings.augment) !== undefined,
    cache: settings.cache,
    workers: pipeline.means.workers,
    onBadImage,
    validation: { images: validation.length, ...(heldOut && { heldOut }) },
    batchSize,
    recipe: recipeRows(recipe),
    problems,
    ...(changes !== undefined && { changes }),
    engine,
    precision,
    threads,
    folder: sink.name,
    samples: splits.train.length,
    step: at.step,
    ...(engineReason !== undefined && { engineReason }),
    ...(startingHead && { startingHead }),
    ...(startingHead?.fate === 'renewed' && { renewedHead: startingHead.path }),
    ...(startingPreprocessing && { startingPreprocessing }),
    ...(freeze.length > 0 && { frozen: freeze }),
  };
  for (const { onStart } of callbacks) onStart?.(started);
}
