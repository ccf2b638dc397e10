/** A run's end: the test of its weights, and its report. */
import type { EnginePlan, Executable } from '../engines/index.ts';
import type { Score } from '../trained/index.ts';
import { Answers } from './answers.ts';
import { complete, predicted } from './kept-state.ts';
import type { Run, RunUnderWay } from './run.ts';
import { score } from './score.ts';
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
  const { settings, executable } = run;
  const handed = settings.testEngine === settings.engine ? undefined : await handOver(run);
  const tester = handed?.tester ?? executable;
  try {
    const answers = new Answers(settings.splits.train.classes.length);
    const tested = await testWeights(run, tester, answers);
    const plan = handed?.plan ?? (await executable.plan());
    if (!tested) return { closed: undefined, plan };
    const { best, last } = tested;
    if (last) await run.sink.log({ kind: 'test', step: run.position.step, best, last });
    const split = last ? 'test' : 'validation';
    const written = await writeReport({ ...run, plan, trained, split, score: best, answers });
    return { closed: { test: last && { best, last }, ...written }, plan };
  } finally {
    // the other one is its owner's
    await handed?.tester.dispose();
  }
}

/**
 * On the test split, or without one the best epoch's weights on the validation split. `answers` are those of the best epoch's weights.
 * Undefined where the signal came before the end.
 */
async function testWeights(
  run: RunUnderWay,
  executable: Executable,
  answers: Answers,
): Promise<{ readonly best: Score; readonly last: Score | undefined } | undefined> {
  const { settings, programs, position, sink } = run;
  const { test } = settings.splits;
  const lastIsBest = position.best?.epoch === position.epoch;
  const last = test && (await score(run, 'test', { executable, answers: lastIsBest ? answers : undefined }));
  if (test && !last) return undefined;
  if (lastIsBest && last) return { best: last, last };
  if (!lastIsBest) {
    const { tensors } = (await sink.load('best')).checkpoint;
    const isTraining = executable === run.executable;
    await executable.load(isTraining ? complete(tensors, programs.whole) : predicted(tensors, programs.predict));
  }
  const best = await score(run, test ? 'test' : 'validation', { executable, answers });
  return best && { best, last };
}

/** Another engine for the test: training's gives its memory back first. */
async function handOver({ settings, programs, executable }: RunUnderWay): Promise<{
  readonly tester: Executable;
  readonly plan: EnginePlan;
}> {
  const { testEngine, threads } = settings;
  const state = predicted(await executable.read(), programs.predict);
  const plan = await executable.plan();
  await executable.dispose();
  const tester = await testEngine.compile({ predict: programs.predict }, threads === undefined ? {} : { threads });
  try {
    await tester.load(state);
  } catch (error) {
    await tester.dispose();
    throw error;
  }
  return { tester, plan };
}
