/** A split's score with a run's weights. */
import type { Dataset } from '../data/index.ts';
import type { Executable } from '../engines/index.ts';
import { evaluateSplit, type Score } from '../trained/index.ts';
import type { Answers } from './answers.ts';
import type { RunUnderWay } from './run.ts';

/**
 * Of the weights that `executable` holds, which is training's own unless another is given; `answers` gets every batch. Undefined where the
 * signal came before the end.
 */
export async function score(
  { settings, programs, executable: training, signal, pipeline }: RunUnderWay,
  dataset: Dataset,
  { executable = training, answers }: { readonly executable?: Executable; readonly answers?: Answers | undefined } = {},
): Promise<Score | undefined> {
  const { normalisation } = settings.splits;
  const imageShape = programs.predict.graph.inputs.get('image')?.type.shape ?? [];
  try {
    return await evaluateSplit({
      executable,
      entry: 'predict',
      imageShape,
      dataset,
      normalisation,
      signal,
      pipeline,
      ...(answers && { onBatch: answers.add }),
    });
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}
