/** What a trained network answers to clean and to corrupted test images. */
import type { Corruption } from '../corruptions/index.ts';
import { ExplainedNetwork } from '../explain/index.ts';
import { type AnswerRows, answerRows, argMax, fitTemperature } from '../metrics/index.ts';
import { corruptedBatches } from '../pipeline/index.ts';
import { someOfEach } from './lab-data.ts';
import type { Laboratory, LaboratoryBatch, Trained } from './laboratory.ts';

const batchSize = 50;

/** A network that answers. */
export interface Answering {
  /** To clean images; with a temperature that is fitted on others. */
  clean(batch: LaboratoryBatch, temperature?: number): Promise<AnswerRows>;
  /** That makes confidence fit these images (Guo et al. 2017); undefined where none does. */
  temperatureFor(batch: LaboratoryBatch): Promise<number | undefined>;
  /** By corruption, then by image: 1 where the answer is right. */
  corrupted(corruptions: readonly Corruption[], images: number): Promise<number[][]>;
}

/** Compiles it, lets `use` ask it, and frees it. */
export async function withAnswers<T>(
  lab: Laboratory,
  { checkpoint, file }: Trained,
  use: (answering: Answering) => Promise<T>,
): Promise<T> {
  const { engine, threads, classes } = lab;
  const network = await ExplainedNetwork.compile(checkpoint, {
    path: file,
    engine,
    threads,
    batchSize,
    asks: new Set(),
  });
  try {
    return await use({
      clean: async ({ images, labels }, temperature = 1) =>
        answerRows(await network.logits(images), labels, classes, { temperature }),
      temperatureFor: async ({ images, labels }) => fitTemperature(await network.logits(images), labels, classes),
      corrupted: (corruptions, images) => corruptedAnswers(lab, network, corruptions, images),
    });
  } finally {
    await network.dispose();
  }
}

async function corruptedAnswers(
  { data, image, seed, classes, signal }: Laboratory,
  network: ExplainedNetwork,
  corruptions: readonly Corruption[],
  count: number,
): Promise<number[][]> {
  const right = corruptions.map((): number[] => []);
  const dataset = someOfEach(data.test, count, seed);
  const source = { dataset, corruptions, batchSize, image, normalisation: data.normalisation, seed };
  for await (const { corruption, images, labels } of corruptedBatches({ ...source, workers: 0, onBadImage: 'stop' })) {
    signal.throwIfAborted();
    const logits = await network.logits(images);
    for (const [row, label] of labels.entries())
      right[corruption]?.push(argMax(logits.subarray(row * classes, (row + 1) * classes)) === label ? 1 : 0);
  }
  return right;
}
