/** A trained network, ready to predict from its checkpoint alone. */
import { type Checkpoint, loadCheckpoint } from '../checkpoint/index.ts';
import { type Dataset, decodeImage, type Image, type ImageSize } from '../data/index.ts';
import { chooseEngine, type Executable } from '../engines/index.ts';
import { softmax } from '../metrics/index.ts';
import { CheckpointError, ConfigError, DataError } from '../tensor/index.ts';
import { frozenProgramOf } from './checkpoint-program.ts';
import { evaluateSplit, type Score } from './evaluate-split.ts';
import { named } from './import/read-weights.ts';
import { areFinite, nonFinite } from './non-finite.ts';

/** One label that an image may have. */
export interface Prediction {
  readonly label: string;
  /** 0 to 1; all labels' sum to 1. */
  readonly probability: number;
}

/** Options of `loadClassifier`. */
export interface ClassifierOptions {
  /** Default 'auto'. */
  readonly engine?: string;
  /** Default: all cores. */
  readonly threads?: number;
  /** Images that go through the network together; default 32. */
  readonly batchSize?: number;
}

/** Predicts labels of images; `loadClassifier` makes one. Its engine runs until `dispose`. */
export class Classifier {
  readonly checkpoint: Checkpoint;
  readonly batchSize: number;
  readonly #executable: Executable;

  constructor(checkpoint: Checkpoint, executable: Executable, batchSize: number) {
    this.checkpoint = checkpoint;
    this.batchSize = batchSize;
    this.#executable = executable;
  }

  get classes(): readonly string[] {
    return this.checkpoint.classes;
  }

  /**
   * The `top` most likely labels of an image (a file's path, its bytes, or pixels), likeliest first.
   * @throws DataError where the image cannot be read; CheckpointError where the network's outputs are not finite
   */
  async predict(image: string | Uint8Array | Image, { top = 5 } = {}): Promise<Prediction[]> {
    const [predictions] = await this.predictAll([image], { top });
    return predictions as Prediction[];
  }

  /** `predict` for many images, a batch at a time, in their order. @throws DataError where an image cannot be read */
  async predictAll(images: readonly (string | Uint8Array | Image)[], { top = 5 } = {}): Promise<Prediction[][]> {
    const { channels, mean: _, std: __, ...sides } = this.checkpoint.preprocessing;
    const size: ImageSize = { ...sides, channels: channels === 1 ? 1 : 3 };
    if (images.length === 0) return [];
    const predictions: Prediction[][] = [];
    const dataset: Dataset = {
      name: 'images',
      classes: this.classes,
      length: images.length,
      read: async (index) => {
        const image = images[index] as string | Uint8Array | Image;
        const isImage = typeof image === 'object' && 'pixels' in image;
        return { image: isImage ? image : await decodeImage(image, size), label: 0 };
      },
    };
    await this.#score(dataset, (logits) => {
      for (let i = 0; i < logits.length; i += this.classes.length)
        predictions.push(this.#rank(logits.subarray(i, i + this.classes.length), top));
    });
    return predictions;
  }

  /** Loss and accuracy on a labelled dataset. @throws DataError where its classes or images do not fit the network */
  async evaluate(dataset: Dataset): Promise<Score> {
    if (dataset.classes.length !== this.classes.length)
      throw new DataError(
        `evaluate: ${dataset.name} has ${dataset.classes.length} classes, but the network knows ${this.classes.length}`,
        `the network's classes are ${this.classes.slice(0, 5).join(', ')}${this.classes.length > 5 ? ', …' : ''}`,
      );
    const moved = dataset.classes.findIndex((name, i) => name !== this.classes[i] && this.classes.includes(name));
    if (moved >= 0)
      throw new DataError(
        `evaluate: class ${moved} of ${dataset.name} is ${dataset.classes[moved]}, but the network knows it as ${this.classes[moved]}`,
        'put the classes in the order that the network was trained with',
      );
    return this.#score(dataset);
  }

  /** Ends the engine. */
  async dispose(): Promise<void> {
    await this.#executable.dispose();
  }

  async #score(dataset: Dataset, onBatch?: (logits: Float32Array) => void): Promise<Score> {
    const { channels, height, width, mean, std } = this.checkpoint.preprocessing;
    const entry = dataset.length === 1 ? 'one' : 'batch';
    const imageShape = [entry === 'one' ? 1 : this.batchSize, channels, height, width];
    const { image } = await dataset.read(0);
    if (image.channels !== channels || image.height !== height || image.width !== width)
      throw new DataError(
        `classifier: images of ${dataset.name} are ${image.channels}×${image.height}×${image.width}, but the network takes ${channels}×${height}×${width}`,
        'train on images of this size, or resize them',
      );
    return evaluateSplit({
      executable: this.#executable,
      entry,
      imageShape,
      dataset,
      normalisation: { mean, std },
      onBatch: (logits) => {
        if (!areFinite(logits)) throw this.#notFinite();
        onBatch?.(logits);
      },
    });
  }

  #notFinite(): CheckpointError {
    const { network, tensors } = this.checkpoint;
    const names = nonFinite(tensors);
    return new CheckpointError(
      `classifier: expected finite outputs, but those of ${network.name} are NaN or infinite` +
        (names.length > 0 ? `, as are numbers in ${names.length} of its ${tensors.size} tensors: ${named(names)}` : ''),
      'its training diverged or its file is damaged; take another checkpoint',
    );
  }

  #rank(logits: Float32Array, top: number): Prediction[] {
    return [...softmax(logits)]
      .map((probability, i) => ({ label: this.classes[i] as string, probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top);
  }
}

/**
 * Loads a checkpoint for prediction; the file alone is enough.
 * @throws CheckpointError where it is missing, damaged or not a checkpoint
 */
export async function loadClassifier(path: string, options: ClassifierOptions = {}): Promise<Classifier> {
  const { engine = 'auto', threads, batchSize = 32 } = options;
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 1))
    throw new ConfigError(`loadClassifier: \`batchSize\` must be a whole number of at least 1, but is ${batchSize}`);
  const checkpoint = await loadCheckpoint(path);
  const programs = { one: frozenProgramOf(path, checkpoint, 1), batch: frozenProgramOf(path, checkpoint, batchSize) };
  const chosen = await chooseEngine(engine, 'predict');
  const executable = await chosen.engine.compile(programs, threads === undefined ? {} : { threads });
  return new Classifier(checkpoint, executable, batchSize);
}
