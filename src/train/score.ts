/** A split's score with a run's weights. */
import type { Dataset } from '../data/index.ts';
import type { Executable } from '../engines/index.ts';
import type { Program } from '../ir/index.ts';
import { evaluateSplit, type Score } from '../trained/index.ts';
import type { Answers } from './answers.ts';
import { tellBadImages } from './bad-images.ts';
import type { RunUnderWay } from './run.ts';

/** What predicts. */
export interface Tester extends Pick<RunUnderWay, 'feed'> {
  readonly executable: Executable;
  /** Its program. */
  readonly predict: Program;
}

/** Whose answers, and who hears them. */
interface ScoreOptions {
  readonly tester?: Tester;
  readonly answers?: Answers | undefined;
}

/**
 * Of the weights that `tester` holds, which is training's own unless another is given; `answers` gets every batch. Undefined where the
 * signal came before the end.
 */
export async function score(
  run: RunUnderWay,
  split: 'validation' | 'test',
  { tester = trainingTester(run), answers }: ScoreOptions = {},
): Promise<Score | undefined> {
  const { settings, signal, position } = run;
  const { executable, predict, feed } = tester;
  const { normalisation } = settings.splits;
  const imageShape = predict.graph.inputs.get('image')?.type.shape ?? [];
  const isSkipped = settings.onBadImage === 'skip';
  try {
    return await evaluateSplit({
      executable,
      entry: 'predict',
      imageShape,
      dataset: settings.splits[split] as Dataset,
      normalisation,
      signal,
      pipeline: feed,
      ranks: settings.ranks?.ranks,
      ...(isSkipped && { onBadImage: (bad) => tellBadImages(run, split, [bad], position.step) }),
      ...(answers && { onBatch: answers.add }),
    });
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}

/** The training engine, in whatever phase it is. */
export const trainingTester = ({ executable, programs, feed }: RunUnderWay): Tester => ({
  executable,
  predict: programs.predict,
  feed,
});
