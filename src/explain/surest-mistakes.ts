/** The images of a dataset that a network is surest and wrong about. */
import { type Dataset, firstReadable, matchClasses, relabelled } from '../data/index.ts';
import { Pipeline, usualWorkers } from '../pipeline/index.ts';
import { ConfigError, DataError } from '../tensor/index.ts';
import { type Classifier, evaluateSplit, type SkippedImage } from '../trained/index.ts';
import { probabilities } from './arithmetic/probabilities.ts';
import { ExplainedNetwork } from './explained-network.ts';
import type { NamedImage } from './images.ts';

/** Options of `surestMistakes`. */
export interface MistakesOptions {
  /** How many at most. */
  readonly count: number;
  /** Match the classes by position, whatever their names are; default false. */
  readonly classesByPosition?: boolean;
  /** Threads that decode images from files. Default: by the machine's cores. */
  readonly workers?: number;
  /** An image that cannot be read: throw its error, or leave it out; default 'stop'. */
  readonly onBadImage?: 'stop' | 'skip';
  /** Hears of each image that is left out. */
  readonly onSkipped?: (bad: SkippedImage) => void;
  /** Ends it after the batch under way. */
  readonly signal?: AbortSignal;
  /** Hears how many images have been looked at. */
  readonly onProgress?: (done: number, total: number) => void;
}

interface Wrong {
  readonly index: number;
  readonly label: number;
  readonly probability: number;
}

/**
 * The wrong answers with the highest probability, the surest first, each with its class; of equally sure ones the one that comes first. None where
 * all are right.
 * @throws DataError where classes or images do not fit the network, or an image cannot be read; ConfigError for an impossible count;
 *   CheckpointError where the network's outputs are not finite
 */
export async function surestMistakes(
  classifier: Classifier,
  dataset: Dataset,
  options: MistakesOptions,
): Promise<NamedImage[]> {
  const { count, classesByPosition = false, workers = usualWorkers(), signal, onProgress } = options;
  const { onBadImage = 'stop', onSkipped } = options;
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new ConfigError(`surestMistakes: \`count\` must be a whole number of at least 1, but is ${count}`);
  const { classes, checkpoint, batchSize, running } = classifier;
  if (!running) throw new ConfigError('surestMistakes: expected a classifier from loadClassifier');
  const { channels, height, width, mean, std } = checkpoint.preprocessing;
  const { places } = matchClasses({ where: dataset.name, known: classes, classes: dataset.classes, classesByPosition });
  const labelled = relabelled(dataset, classes, places);
  await expectSize(dataset, [channels, height, width], onBadImage);
  let wrong: Wrong[] = [];
  let done = 0;
  const asks = new Set<never>();
  const network = await ExplainedNetwork.compile(checkpoint, { ...running, batchSize, asks });
  try {
    const pipeline = new Pipeline({ workers, cache: 'off' });
    try {
      await evaluateSplit({
        executable: network.executable,
        entry: 'predict',
        imageShape: [batchSize, channels, height, width],
        dataset: labelled,
        normalisation: { mean, std },
        pipeline,
        ...(signal && { signal }),
        ...(onBadImage === 'skip' && { onBadImage: ({ path, message }) => onSkipped?.({ path, message }) }),
        onBatch: (logits, labels, indices) => {
          network.expectFinite(logits);
          const answers = probabilities(logits, classes.length, network.temperature);
          for (const [row, label] of labels.entries()) {
            const own = answers[row] as Float64Array;
            const probability = Math.max(...own);
            if (own.indexOf(probability) !== label) wrong.push({ index: indices[row] as number, label, probability });
          }
          wrong = wrong.sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, count);
          done += labels.length;
          onProgress?.(done, dataset.length);
        },
      });
    } finally {
      await pipeline.close();
    }
  } finally {
    await network.dispose();
  }
  return Promise.all(
    wrong.map(async ({ index, label }) => ({
      image: (await dataset.read(index)).image,
      name: dataset.ids?.[index] ?? `${dataset.name} ${index}`,
      truth: classes[label] as string,
      truthIndex: label,
    })),
  );
}

/** Of images that are no files, one shows the size of all. */
async function expectSize(dataset: Dataset, shape: readonly number[], onBadImage: 'stop' | 'skip'): Promise<void> {
  const { channels, height, width } = dataset.images?.size ?? (await firstReadable(dataset, onBadImage)).sample.image;
  if (String([channels, height, width]) === String(shape)) return;
  throw new DataError(
    `surestMistakes: images of ${dataset.name} are ${channels}×${height}×${width}, but the network takes ${shape.join('×')}`,
    'train on images of this size, or resize them',
  );
}
