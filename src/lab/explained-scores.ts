/** Insertion and deletion scores of a trained network's maps, with random maps beside them. */
import { ExplainedNetwork, type Method, PixelScores, randomMap } from '../explain/index.ts';
import { Random } from '../tensor/index.ts';
import type { MapScore } from './arithmetic/map-scores.ts';
import type { Laboratory, LaboratoryBatch, Trained } from './laboratory.ts';

/** What is scored, and how finely. */
export interface Scoring {
  readonly methods: readonly Method[];
  /** Random maps beside each map. */
  readonly randomMaps: number;
  /** From no pixel to all. */
  readonly steps: number;
}

/** What came of an image. */
export interface ImageScores {
  /** Of the class that is explained: the one that the network takes the image for. */
  readonly probability: number;
  readonly isRight: boolean;
  /** By method. */
  readonly maps: readonly MapScore[];
}

/** Of each image of the batch. @throws what compiling and running throw; the signal's reason */
export async function explainedScores(
  lab: Laboratory,
  { checkpoint, file, network }: Trained,
  { images, labels }: LaboratoryBatch,
  { methods, randomMaps, steps }: Scoring,
): Promise<ImageScores[]> {
  const { engine, threads, signal, seed } = lab;
  const asks = new Set(methods.map((method) => method.asks));
  const explained = await ExplainedNetwork.compile(checkpoint, { path: file, engine, threads, batchSize: 17, asks });
  try {
    const size = images.length / labels.length;
    const found: ImageScores[] = [];
    for (const [row, truth] of labels.entries()) {
      signal.throwIfAborted();
      lab.progress(`${network.name}: maps`, row / labels.length);
      const image = images.subarray(row * size, (row + 1) * size);
      const [probabilities] = (await explained.probabilities(image)) as [Float64Array];
      const label = probabilities.indexOf(Math.max(...probabilities));
      const pixels = new PixelScores(explained, image, label, steps);
      const maps: MapScore[] = [];
      for (const method of methods) {
        const heat = await method.explain(explained, image, label);
        const { insertion, deletion } = await pixels.of(heat);
        // the same random maps for all networks whose maps are as fine
        const random = new Random(seed).fork('random maps').fork(row).fork(`${heat.height}×${heat.width}`);
        const sums = { insertion: 0, deletion: 0 };
        for (let i = 0; i < randomMaps; i++) {
          const own = await pixels.of(randomMap(heat, random.fork(i)));
          sums.insertion += own.insertion / randomMaps;
          sums.deletion += own.deletion / randomMaps;
        }
        maps.push({ insertion, deletion, random: sums });
      }
      found.push({ probability: probabilities[label] as number, isRight: label === truth, maps });
    }
    return found;
  } finally {
    await explained.dispose();
  }
}
