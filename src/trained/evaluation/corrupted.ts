/** How well a network does on images that are spoilt, corruption by corruption. */
import type { Corruption, CorruptionScore } from '../../corruptions/index.ts';
import { type Dataset, type Normalisation, surveyCommand } from '../../data/index.ts';
import type { Executable } from '../../engines/index.ts';
import { topK } from '../../metrics/index.ts';
import { corruptedBatches } from '../../pipeline/index.ts';
import { ConfigError, DataError, type Tensor, tensor } from '../../tensor/index.ts';

/** What evaluations of corrupted images are told. */
export interface CorruptionOptions {
  /** Each of them is done to every image by itself, such as `corruptionsOf('all')` or `[fog({ severity: 3 })]`. */
  readonly corruptions: readonly Corruption[];
  /** Of what they draw; default 0. */
  readonly seed?: number;
  /** Hears how many corrupted images have been measured. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface CorruptedEvaluation extends CorruptionOptions {
  readonly executable: Executable;
  /** The entry point: input `image`, output `logits`. */
  readonly entry: string;
  /** Of the entry's image: [N, C, H, W]. */
  readonly imageShape: readonly [batch: number, channels: number, height: number, width: number];
  readonly dataset: Dataset;
  readonly normalisation: Normalisation;
  /** Threads that corrupt images; changes no number. */
  readonly workers: number;
  readonly onBadImage: 'stop' | 'skip';
  /** Sees the logits of each batch's images. */
  readonly onLogits?: (logits: Float32Array) => void;
}

/**
 * The accuracy under each corruption, in their order. Images are read once, at the network's size, and corrupted before they are normalised; what is
 * random depends on the seed, the corruption and the image's id alone.
 * @throws DataError where an image cannot be read; ConfigError where a corruption is given twice
 */
export async function evaluateCorrupted(options: CorruptedEvaluation): Promise<CorruptionScore[]> {
  const { executable, entry, imageShape, dataset, normalisation, corruptions, workers, onBadImage } = options;
  const { seed = 0, onProgress, onLogits } = options;
  expectDistinct(corruptions);
  const [batchSize, channels, height, width] = imageShape;
  const image = { channels, height, width };
  const classes = dataset.classes.length;
  const sums = corruptions.map(() => ({ correct: 0, total: 0 }));
  let done = 0;
  const source = { dataset, corruptions, batchSize, image, normalisation, seed, workers, onBadImage };
  for await (const { corruption, images, labels } of corruptedBatches(source)) {
    if (labels.length > 0) {
      const outputs = await executable.run(entry, new Map([['image', tensor('float32', imageShape, images)]]));
      const logits = (outputs.get('logits') as Tensor<'float32'>).data.subarray(0, labels.length * classes);
      onLogits?.(logits);
      const sum = sums[corruption] as (typeof sums)[number];
      sum.correct += topK(logits, labels, classes, 1);
      sum.total += labels.length;
    }
    done += labels.length;
    onProgress?.(done, dataset.length * corruptions.length);
  }
  return corruptions.map(({ name, category, standing, options: { severity } }, at) => {
    const { correct, total } = sums[at] as (typeof sums)[number];
    if (total === 0)
      throw new DataError(
        `evaluate: expected images of ${dataset.name} that can be read, but of ${dataset.length} none is`,
        dataset.source && `${surveyCommand(dataset.source)} lists what is wrong with each`,
      );
    return { name, category, standing, severity, top1: correct / total, correct, total };
  });
}

/** @throws ConfigError */
function expectDistinct(corruptions: readonly Corruption[]): void {
  const names = corruptions.map(({ name, options }) => `${name} at severity ${options.severity}`);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined)
    throw new ConfigError(`evaluate: expected each corruption once, but got ${twice} twice`, 'leave one of them out');
}
