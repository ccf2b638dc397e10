/** How well a trained network does on images of one's choice, with its weights and statistics as they ended. */
import type { Dataset } from '../data/index.ts';
import { predictingState } from '../step/index.ts';
import { evaluateSplit, programOf, type Score } from '../trained/index.ts';
import type { Laboratory, Trained } from './laboratory.ts';

/** Images that go through together. */
const together = 100;

/** In evaluation mode and without augmentation. @throws EngineError; the signal's reason where it came before the end */
export async function scoreOn(
  { engine, threads, data, image, signal }: Pick<Laboratory, 'engine' | 'threads' | 'data' | 'image' | 'signal'>,
  { file, checkpoint }: Pick<Trained, 'file' | 'checkpoint'>,
  dataset: Dataset,
): Promise<Score> {
  const batchSize = Math.min(together, dataset.length);
  const predict = programOf(file, checkpoint, batchSize);
  const executable = await engine.compile({ predict }, { threads });
  try {
    const { state } = predict.graph;
    // a checkpoint also holds what the optimiser keeps
    const known = [...predictingState(checkpoint.tensors, predict.graph)].filter(([name]) => state.has(name));
    await executable.load(new Map(known));
    const imageShape = [batchSize, image.channels, image.height, image.width];
    return await evaluateSplit({
      executable,
      entry: 'predict',
      imageShape,
      dataset,
      normalisation: data.normalisation,
      signal,
    });
  } finally {
    await executable.dispose();
  }
}
