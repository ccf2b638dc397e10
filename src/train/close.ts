/** A run's end: the test of its weights, and its report. */
import type { EnginePlan } from '../engines/index.ts';
import { predictingState } from '../step/index.ts';
import type { Score } from '../trained/index.ts';
import { Answers } from './answers.ts';
import { predicted, stateOf } from './kept-state.ts';
import { carried, imageFeed } from './open-phase.ts';
import { threadsOf } from './ranks/machine-share.ts';
import { aloneWith } from './ranks/shared-sink.ts';
import type { Run, RunUnderWay } from './run.ts';
import { score, type Tester, trainingTester } from './score.ts';
import { writeReport } from './write-report.ts';

/** How far the closing came. */
export interface Closing {
  /** Undefined where the signal came before the end: it is closed when the run is resumed. */
  readonly closed: Pick<Run, 'test' | 'report' | 'reportProblem'> | undefined;
  /** Of the training engine. */
  readonly plan: EnginePlan;
}

/**
 * The last weights and the best epoch's on the test split, and the report, of which the best epoch's are the subject.
 * @param trained whether this call of `train` trained: only then was the engine's memory measured while training
 */
export async function close(run: RunUnderWay, trained: boolean): Promise<Closing> {
  const { settings, executable, phase } = run;
  // an engine that has the head alone sees no images
  const isKept = settings.testEngine === settings.engine && !phase.isOnFeatures;
  const handed = isKept ? undefined : await handOver(run);
  const tester = handed?.tester ?? trainingTester(run);
  try {
    const answers = new Answers(settings.splits.train.classes.length);
    const tested = await testWeights(run, tester, answers);
    const plan = handed?.plan ?? (await executable.plan());
    if (!tested) return { closed: undefined, plan };
    await answers.join(settings.ranks?.ranks);
    // what is left rank 0 does alone, however long it takes
    await settings.ranks?.ranks.leave();
    const { best, last } = tested;
    if (last) await run.sink.log({ kind: 'test', step: run.position.step, best, last });
    const split = last ? 'test' : 'validation';
    const written = await writeReport({
      ...run,
      sink: aloneWith(run.sink),
      plan,
      trained,
      split,
      score: best,
      answers,
    });
    return { closed: { test: last && { best, last }, ...written }, plan };
  } finally {
    // the other one is its owner's
    await handed?.tester.executable.dispose();
  }
}

/**
 * On the test split, or without one the best epoch's weights on the validation split. `answers` are those of the best epoch's weights.
 * Undefined where the signal came before the end.
 */
async function testWeights(
  run: RunUnderWay,
  tester: Tester,
  answers: Answers,
): Promise<{ readonly best: Score; readonly last: Score | undefined } | undefined> {
  const { settings, programs, network, position, sink, executable } = run;
  const { test } = settings.splits;
  const lastIsBest = position.best?.epoch === position.epoch;
  const last = test && (await score(run, 'test', { tester, answers: lastIsBest ? answers : undefined }));
  if (test && !last) return undefined;
  if (lastIsBest && last) return { best: last, last };
  if (!lastIsBest) {
    const { tensors } = (await sink.load('best')).checkpoint;
    const predicting = predictingState(tensors, network.graph);
    // the best epoch may be one of an earlier phase, which had another optimiser's state
    const isTraining = tester.executable === executable;
    await tester.executable.load(
      isTraining ? carried(programs.whole, predicting, settings.seed) : predicted(predicting, network),
    );
  }
  const best = await score(run, test ? 'test' : 'validation', { tester, answers });
  return best && { best, last };
}

/** Another engine for the test: training's gives its memory back first. */
async function handOver(run: RunUnderWay): Promise<{
  readonly tester: Tester;
  readonly plan: EnginePlan;
}> {
  const { settings, network, executable, pipeline } = run;
  const { testEngine } = settings;
  const threads = threadsOf(settings);
  const state = predicted(predictingState(await stateOf(run), network.graph), network);
  const plan = await executable.plan();
  await executable.dispose();
  const another = await testEngine.compile({ predict: network }, threads === undefined ? {} : { threads });
  try {
    await another.load(state);
  } catch (error) {
    await another.dispose();
    throw error;
  }
  return { tester: { executable: another, predict: network, feed: imageFeed(pipeline) }, plan };
}
