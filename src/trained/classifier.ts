/** A trained network, ready to predict from its checkpoint alone. */
import { type Checkpoint, loadCheckpoint } from '../checkpoint/index.ts';
import type { CorruptionScore } from '../corruptions/index.ts';
import { type Dataset, firstReadable, type Image, matchClasses, relabelled } from '../data/index.ts';
import { chooseEngine, type Engine, type Executable } from '../engines/index.ts';
import { valueAt } from '../ir/index.ts';
import { softmax } from '../metrics/index.ts';
import {
  type BadImage,
  expectWorkers,
  type ImageBatchesOptions,
  imageBatches,
  Pipeline,
  usualWorkers,
} from '../pipeline/index.ts';
import { CheckpointError, ConfigError, DataError, type Tensor, tensor } from '../tensor/index.ts';
import { expectRoom, frozenProgramOf, type OutputsOf, wholeProgramOf } from './checkpoint-program.ts';
import { CompiledNetwork } from './compiled-network.ts';
import { type Embedded, embeddedBatches, joinedRows } from './embedding/embed-split.ts';
import { featuresOf } from './embedding/features-of.ts';
import { evaluateSplit, type Score } from './evaluate-split.ts';
import { AnswerStore, type DatasetAnswers } from './evaluation/answer-store.ts';
import { type CorruptionOptions, evaluateCorrupted } from './evaluation/corrupted.ts';
import type { View } from './evaluation/view.ts';
import { named } from './import/read-weights.ts';
import { areFinite, nonFinite } from './non-finite.ts';

/** One label that an image may have. */
export interface Prediction {
  readonly label: string;
  /** 0 to 1; all labels' sum to 1. Of a calibrated checkpoint: softmax(logits / temperature). */
  readonly probability: number;
}

/** What became of one image among many. */
export type Answer =
  | { readonly predictions: Prediction[]; readonly error?: undefined }
  | { readonly predictions?: undefined; readonly error: DataError };

/** Options of `loadClassifier`. */
export interface ClassifierOptions {
  /** Default 'auto'. */
  readonly engine?: Engine | string;
  /** Default: all cores. */
  readonly threads?: number;
  /** Images that go through the network together; default 32. */
  readonly batchSize?: number;
}

/** Options of `Classifier.evaluate`. */
export interface EvaluateOptions {
  /** Match the classes by position, whatever their names are; default false. */
  readonly classesByPosition?: boolean;
  /** Threads that decode images from files; 0: none besides the caller's. Changes no number. Default: by the machine's cores. */
  readonly workers?: number;
  /** Whether an image that cannot be read is an error or left out; default 'stop'. */
  readonly onBadImage?: 'stop' | 'skip';
  /** Hears how many images have been measured. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Measures the same images once more under each corruption; those that cannot be read are counted once. */
  readonly corrupted?: CorruptionOptions;
}

/** Options of `Classifier.embed`. */
export interface EmbedOptions extends Omit<EvaluateOptions, 'classesByPosition' | 'corrupted'> {
  /** The path of a layer, block or stage, such as `stage2`; of a map the mean of each channel is taken. Default: what the head reads. */
  readonly layer?: string;
  /** Ends it after the batch under way. */
  readonly signal?: AbortSignal;
}

/** Features, and what was left out. */
export interface Embedding extends Embedded, Pick<Evaluation, 'badImages'> {}

/** A score, and what was left out. */
export interface Evaluation extends Score {
  /** Images that could not be read, where those are left out: the score's `total` does not count them. */
  readonly badImages?: readonly SkippedImage[];
  /** A score for each corruption, in their order, where it was asked for. */
  readonly corruptions?: readonly CorruptionScore[];
}

/** An image that could not be read and was left out. */
export type SkippedImage = Pick<BadImage, 'path' | 'message'>;

/** The file of a trained network, and what it runs on. */
export interface Running {
  readonly path: string;
  readonly engine: Engine;
  /** Default: all cores. */
  readonly threads?: number;
}

/** Compiles the network for a batch size. */
type Compile = (batch: number, outputsOf?: OutputsOf) => Promise<Executable>;

/**
 * Predicts labels of images; `loadClassifier` makes one. The network is compiled when it is first used, once for single images and once
 * for batches of `batchSize`; what is compiled is kept, in a process of the engine each, until `dispose`.
 */
export class Classifier {
  readonly checkpoint: Checkpoint;
  readonly batchSize: number;
  /** Where it runs; undefined where it was made without. */
  readonly running: Running | undefined;
  readonly #compile: Compile;
  readonly #network: CompiledNetwork;
  /** By what they are asked for. */
  readonly #within = new Map<string, CompiledNetwork>();

  constructor(checkpoint: Checkpoint, compile: Compile, batchSize: number, running?: Running) {
    this.checkpoint = checkpoint;
    this.batchSize = batchSize;
    this.running = running;
    this.#compile = compile;
    this.#network = new CompiledNetwork(compile);
  }

  get classes(): readonly string[] {
    return this.checkpoint.classes;
  }

  /**
   * The `top` most likely labels of an image (a file's path, its bytes, or pixels), likeliest first.
   * @throws DataError where the image cannot be read; CheckpointError where the network's outputs are not finite; EngineError where the
   *   engine cannot run the network
   */
  async predict(image: string | Uint8Array | Image, { top = 5 } = {}): Promise<Prediction[]> {
    const [predictions] = await this.predictAll([image], { top });
    return predictions as Prediction[];
  }

  /**
   * `predict` for many images, in their order. Each is decoded once, and two batches at most are in memory: one goes through the network
   * while the next is decoded.
   * @throws as `predict`
   */
  async predictAll(images: readonly (string | Uint8Array | Image)[], { top = 5 } = {}): Promise<Prediction[][]> {
    return [...(await this.#predicted(images, top)).values()];
  }

  /**
   * `predictAll` where some of the images may be unreadable: for each, in their order, its predictions or the error that says why there
   * are none.
   * @throws CheckpointError, EngineError as `predict`
   */
  async predictEach(images: readonly (string | Uint8Array | Image)[], { top = 5 } = {}): Promise<Answer[]> {
    const errors = new Map<number, DataError>();
    const predicted = await this.#predicted(images, top, (index, error) => errors.set(index, error));
    return images.map((_, index) => {
      const predictions = predicted.get(index);
      return predictions ? { predictions } : { error: errors.get(index) as DataError };
    });
  }

  /** By the image's index, in their order. */
  async #predicted(
    images: readonly (string | Uint8Array | Image)[],
    top: number,
    onUnreadable?: ImageBatchesOptions['onUnreadable'],
  ): Promise<Map<number, Prediction[]>> {
    const predictions = new Map<number, Prediction[]>();
    if (images.length === 0) return predictions;
    const { mean, std, ...size } = this.checkpoint.preprocessing;
    const shape = this.#shapeFor(images.length);
    const [batchSize] = shape;
    // meanwhile the first images are decoded
    const compiling = this.#network.of(batchSize);
    const source = { images, batchSize, ...size, normalisation: { mean, std }, onUnreadable };
    for await (const { pixels, count, indices } of imageBatches(source)) {
      const executable = await compiling;
      if (count === 0) continue;
      const outputs = await executable.run('predict', new Map([['image', tensor('float32', shape, pixels)]]));
      const logits = (outputs.get('logits') as Tensor<'float32'>).data.subarray(0, count * this.classes.length);
      this.#expectFinite(logits);
      for (const [row, index] of indices.entries())
        predictions.set(
          index,
          this.#rank(logits.subarray(row * this.classes.length, (row + 1) * this.classes.length), top),
        );
    }
    return predictions;
  }

  /**
   * What the network's head reads of an image: a vector, or a map where the head is a convolution; or the results of another layer, of a
   * map the mean of each channel.
   * @throws as `predict`; ConfigError where the network has no layer with parameters, or no such layer
   */
  async features(image: string | Uint8Array | Image, { layer }: Pick<EmbedOptions, 'layer'> = {}): Promise<Tensor> {
    const found = await this.#lookWithin(`features ${layer ?? ''}`, image, (program) => featuresOf(program, layer));
    return found.get('features') as Tensor;
  }

  /**
   * The last results of layers, blocks or stages for an image, by their paths, such as `stage2` or `stage1.block2.conv1`: maps [C, H, W].
   * `skein inspect` names the paths. What is compiled for a list of paths is kept until `dispose`.
   * @throws as `predict`; ConfigError where there is no such path
   */
  values(image: string | Uint8Array | Image, paths: readonly string[]): Promise<Map<string, Tensor>> {
    if (paths.length === 0) return Promise.resolve(new Map());
    const outputsOf: OutputsOf = (program) => new Map(paths.map((path) => [path, valueAt(program, path)]));
    return this.#lookWithin(`values ${paths.join(' ')}`, image, outputsOf);
  }

  async #lookWithin(
    key: string,
    image: string | Uint8Array | Image,
    outputsOf: OutputsOf,
  ): Promise<Map<string, Tensor>> {
    const executable = await this.#networkWithin(key, outputsOf).of(1);
    const { mean, std, ...size } = this.checkpoint.preprocessing;
    const found = new Map<string, Tensor>();
    for await (const { pixels } of imageBatches({
      images: [image],
      batchSize: 1,
      ...size,
      normalisation: { mean, std },
    })) {
      const inputs = new Map([['image', tensor('float32', this.#shapeFor(1), pixels)]]);
      for (const [name, { dtype, shape, data }] of await executable.run('predict', inputs))
        found.set(name, { dtype, shape: shape.slice(1), data });
    }
    return found;
  }

  /** Compiled when it is first asked for what `key` stands for. */
  #networkWithin(key: string, outputsOf: OutputsOf): CompiledNetwork {
    const network = this.#within.get(key) ?? new CompiledNetwork((batch) => this.#compile(batch, outputsOf));
    this.#within.set(key, network);
    return network;
  }

  /**
   * Loss and accuracy on a labelled dataset, whose classes are those of the network by their names, in any order, or by position where
   * `classesByPosition` says so or one side has no names: `matchClasses` tells which. Logits of classes that the data lacks count too.
   * @throws DataError where its classes or images do not fit the network, or an image cannot be read
   */
  evaluate(dataset: Dataset, options: EvaluateOptions = {}): Promise<Evaluation> {
    return this.#evaluated(dataset, options);
  }

  /**
   * The same with the logits of every image, which stay in memory: images × classes × 4 bytes. With `views` each image is also looked at in
   * other ways.
   * @throws as `evaluate`
   */
  async answers(
    dataset: Dataset,
    { views = [], ...options }: EvaluateOptions & { readonly views?: readonly View[] } = {},
  ): Promise<DatasetAnswers> {
    const store = new AnswerStore(this.checkpoint, dataset.length, views);
    const score = await this.#evaluated(dataset, options, store);
    return store.answers(score);
  }

  async #evaluated(dataset: Dataset, options: EvaluateOptions, store?: AnswerStore): Promise<Evaluation> {
    const { classesByPosition = false, workers = usualWorkers(), onBadImage = 'stop', onProgress, corrupted } = options;
    expectWorkers(workers);
    const lists = { where: dataset.name, known: this.classes, classes: dataset.classes };
    const { places } = matchClasses({ ...lists, classesByPosition });
    const labelled = await this.#sized(relabelled(dataset, this.classes, places), onBadImage);
    const imageShape = this.#shapeFor(dataset.length);
    const { mean, std } = this.checkpoint.preprocessing;
    const badImages: BadImage[] = [];
    // each image is seen once, so none is kept
    const pipeline = new Pipeline({ workers, cache: 'off' });
    let done = 0;
    try {
      const executable = await this.#network.of(imageShape[0]);
      const logitsOf = async (images: Float32Array) => {
        const outputs = await executable.run('predict', new Map([['image', tensor('float32', imageShape, images)]]));
        return (outputs.get('logits') as Tensor<'float32'>).data;
      };
      const common = { executable, entry: 'predict', imageShape, dataset: labelled, normalisation: { mean, std } };
      const score = await evaluateSplit({
        ...common,
        pipeline,
        ...(onBadImage === 'skip' && { onBadImage: (bad) => void badImages.push(bad) }),
        onBatch: async (logits, labels, indices, images) => {
          this.#expectFinite(logits);
          await store?.add({ logits, labels, indices, images, imageShape, logitsOf });
          done += labels.length;
          onProgress?.(done, dataset.length);
        },
      });
      const passedOver = badImages.map(({ path, message }) => ({ path, message }));
      const onLogits = (logits: Float32Array) => this.#expectFinite(logits);
      const corruptions =
        corrupted && (await evaluateCorrupted({ ...common, ...corrupted, workers, onBadImage, onLogits }));
      return { ...score, ...(onBadImage === 'skip' && { badImages: passedOver }), ...(corruptions && { corruptions }) };
    } finally {
      await pipeline.close();
    }
  }

  /**
   * The features of a dataset's images, a row each: what the network's head reads, or the results of another layer. The dataset's classes
   * need not be the network's.
   * @throws DataError where its images do not fit the network, or one cannot be read; ConfigError where there is no such layer;
   *   CheckpointError where features are not finite; EngineError where the engine cannot run the network
   */
  async embed(dataset: Dataset, options: EmbedOptions = {}): Promise<Embedding> {
    const badImages: SkippedImage[] = [];
    const rows = this.embedBatches(dataset, { ...options, onSkipped: (bad) => void badImages.push(bad) });
    return { ...(await joinedRows(rows, dataset.length)), ...(options.onBadImage === 'skip' && { badImages }) };
  }

  /**
   * The same batch by batch, so that memory does not grow with the dataset; a batch may be used until the next one is asked for.
   * @throws while iterating, as `embed`
   */
  async *embedBatches(
    dataset: Dataset,
    options: EmbedOptions & { readonly onSkipped?: (bad: SkippedImage) => void } = {},
  ): AsyncGenerator<Embedded, void, undefined> {
    const { layer, workers = usualWorkers(), onBadImage = 'stop', onProgress, onSkipped, signal } = options;
    expectWorkers(workers);
    const sized = await this.#sized(dataset, onBadImage);
    const network = this.#networkWithin(`features ${layer ?? ''}`, (program) => featuresOf(program, layer));
    const imageShape = this.#shapeFor(dataset.length);
    const { mean, std } = this.checkpoint.preprocessing;
    const pipeline = new Pipeline({ workers, cache: 'off' });
    try {
      const rows = embeddedBatches({
        executable: await network.of(imageShape[0]),
        entry: 'predict',
        imageShape,
        dataset: sized,
        normalisation: { mean, std },
        pipeline,
        signal,
        ...(onBadImage === 'skip' && { onBadImage: ({ path, message }) => onSkipped?.({ path, message }) }),
        onProgress,
      });
      for await (const batch of rows) {
        this.#expectFinite(batch.features);
        yield batch;
      }
    } finally {
      await pipeline.close();
    }
  }

  /** Ends the engine. */
  async dispose(): Promise<void> {
    for (const network of [this.#network, ...this.#within.values()]) await network.dispose();
  }

  /** Of what `count` images go through the network as: one alone, more in batches. */
  #shapeFor(count: number): [batch: number, channels: number, height: number, width: number] {
    const { channels, height, width } = this.checkpoint.preprocessing;
    return [count === 1 ? 1 : this.batchSize, channels, height, width];
  }

  /** The dataset, whose images have the network's size; of those that are not files, the one that shows it is not read again. */
  async #sized(dataset: Dataset, onBadImage: 'stop' | 'skip'): Promise<Dataset> {
    if (dataset.images && dataset.labels) {
      this.#expectSize(dataset.name, dataset.images.size);
      return dataset;
    }
    const first = await firstReadable(dataset, onBadImage);
    this.#expectSize(dataset.name, first.sample.image);
    const { name, classes, length, ids } = dataset;
    const read = (index: number) => (index === first.index ? first.sample : dataset.read(index));
    return { name, classes, length, ...(ids && { ids }), read };
  }

  #expectSize(name: string, image: Pick<Image, 'channels' | 'height' | 'width'>): void {
    const { channels, height, width } = this.checkpoint.preprocessing;
    if (image.channels !== channels || image.height !== height || image.width !== width)
      throw new DataError(
        `classifier: images of ${name} are ${image.channels}×${image.height}×${image.width}, but the network takes ${channels}×${height}×${width}`,
        'train on images of this size, or resize them',
      );
  }

  /** @throws CheckpointError */
  #expectFinite(logits: Float32Array): void {
    if (areFinite(logits)) return;
    const { network, tensors } = this.checkpoint;
    const names = nonFinite(tensors);
    throw new CheckpointError(
      `classifier: expected finite outputs, but those of ${network.name} are NaN or infinite` +
        (names.length > 0 ? `, as are numbers in ${names.length} of its ${tensors.size} tensors: ${named(names)}` : ''),
      'its training diverged or its file is damaged; take another checkpoint',
    );
  }

  #rank(logits: Float32Array, top: number): Prediction[] {
    const { temperature = 1 } = this.checkpoint.calibration ?? {};
    return [...softmax(Array.from(logits, (logit) => logit / temperature))]
      .map((probability, i) => ({ label: this.classes[i] as string, probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top);
  }
}

/**
 * Loads a checkpoint for prediction; the file alone is enough.
 * @throws CheckpointError where it is missing, damaged or not a checkpoint; ConfigError for options that cannot work
 */
export async function loadClassifier(path: string, options: ClassifierOptions = {}): Promise<Classifier> {
  const { engine = 'auto', threads, batchSize = 32 } = options;
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 1))
    throw new ConfigError(`loadClassifier: \`batchSize\` must be a whole number of at least 1, but is ${batchSize}`);
  const checkpoint = await loadCheckpoint(path);
  // both are compiled later, but a damaged file is told now
  for (const batch of [1, batchSize]) expectRoom(path, wholeProgramOf(path, checkpoint, batch), batch);
  const chosen = typeof engine === 'object' ? engine : (await chooseEngine(engine, 'predict')).engine;
  const compile: Compile = async (batch, outputsOf) => {
    const predict = frozenProgramOf(path, checkpoint, batch, outputsOf);
    return chosen.compile({ predict }, threads === undefined ? {} : { threads });
  };
  const running = { path, engine: chosen, ...(threads !== undefined && { threads }) };
  return new Classifier(checkpoint, compile, batchSize, running);
}
