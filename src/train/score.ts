/** A split's score with a run's weights. */
import type { Dataset } from '../data/index.ts';
import type { Executable } from '../engines/index.ts';
import { evaluateSplit, type Score } from '../trained/index.ts';
import type { Answers } from './answers.ts';
import { tellBadImages } from './bad-images.ts';
import type { RunUnderWay } from './run.ts';

/** Whose answers, and who hears them. */
interface ScoreOptions {
  readonly executable?: Executable;
  readonly answers?: Answers | undefined;
}

/**
 * Of the weights that `executable` holds, which is training's own unless another is given; `answers` gets every batch. Undefined where the
 * signal came before the end.
 */
export async function score(
  run: RunUnderWay,
  split: 'validation' | 'test',
  { executable = run.executable, answers }: ScoreOptions = {},
): Promise<Score | undefined> {
  const { settings, programs, signal, pipeline, position } = run;
  const { normalisation } = settings.splits;
  const imageShape = programs.predict.graph.inputs.get('image')?.type.shape ?? [];
  const isSkipped = settings.onBadImage === 'skip';
  try {
    return await evaluateSplit({
      executable,
      entry: 'predict',
      imageShape,
      dataset: settings.splits[split] as Dataset,
      normalisation,
      signal,
      pipeline,
      ...(isSkipped && { onBadImage: (bad) => tellBadImages(run, split, [bad], position.step) }),
      ...(answers && { onBatch: answers.add }),
    });
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}
