/** The answers to a whole dataset, gathered batch by batch in one pass: whatever else is to be known is computed from them. */
import type { Checkpoint } from '../../checkpoint/index.ts';
import { softmax } from '../../metrics/index.ts';
import type { Score } from '../evaluate-split.ts';
import { seenThrough, type View } from './view.ts';

/** A row for each image that could be read, in the dataset's order. */
export interface DatasetAnswers<S extends Score = Score> {
  readonly score: S;
  /** The network's. */
  readonly classes: number;
  /** [images, classes] */
  readonly logits: Float32Array;
  /** Indices of the network's classes. */
  readonly labels: Int32Array;
  /** Which sample of the dataset each row is. */
  readonly indices: Uint32Array;
  /** Mean of the pixels that the network sees, 0 (black) to 1. */
  readonly brightness: Float32Array;
  /** With views: the mean over the image and its views of the probabilities, [images, classes]. */
  readonly averaged?: Float32Array;
}

/** A batch that has gone through the network. */
interface AnsweredBatch {
  /** [rows, classes] */
  readonly logits: Float32Array;
  readonly labels: Int32Array;
  readonly indices: readonly number[];
  /** [N, C, H, W], normalised, of which the first rows are real. */
  readonly images: Float32Array;
  readonly imageShape: readonly [number, number, number, number];
  readonly logitsOf: (images: Float32Array) => Promise<Float32Array>;
}

export class AnswerStore {
  readonly #checkpoint: Checkpoint;
  readonly #views: readonly View[];
  readonly #classes: number;
  readonly #logits: Float32Array;
  readonly #labels: Int32Array;
  readonly #indices: Uint32Array;
  readonly #brightness: Float32Array;
  readonly #averaged: Float32Array | undefined;
  #rows = 0;

  /** @param length the dataset's */
  constructor(checkpoint: Checkpoint, length: number, views: readonly View[]) {
    const classes = checkpoint.classes.length;
    this.#checkpoint = checkpoint;
    this.#views = views;
    this.#classes = classes;
    this.#logits = new Float32Array(length * classes);
    this.#labels = new Int32Array(length);
    this.#indices = new Uint32Array(length);
    this.#brightness = new Float32Array(length);
    this.#averaged = views.length > 0 ? new Float32Array(length * classes) : undefined;
  }

  async add(batch: AnsweredBatch): Promise<void> {
    const { logits, labels, indices, images, imageShape } = batch;
    const at = this.#rows;
    this.#logits.set(logits, at * this.#classes);
    this.#labels.set(labels, at);
    this.#indices.set(indices, at);
    const [, channels, height, width] = imageShape;
    const length = channels * height * width;
    for (let row = 0; row < labels.length; row++)
      this.#brightness[at + row] = this.#brightnessOf(images.subarray(row * length, (row + 1) * length));
    if (this.#averaged) await this.#look(this.#averaged.subarray(at * this.#classes), batch);
    this.#rows += labels.length;
  }

  answers<S extends Score>(score: S): DatasetAnswers<S> {
    const rows = this.#rows;
    return {
      score,
      classes: this.#classes,
      logits: this.#logits.subarray(0, rows * this.#classes),
      labels: this.#labels.subarray(0, rows),
      indices: this.#indices.subarray(0, rows),
      brightness: this.#brightness.subarray(0, rows),
      ...(this.#averaged && { averaged: this.#averaged.subarray(0, rows * this.#classes) }),
    };
  }

  /** Looks at the batch through each view, and leaves the mean probabilities in `into`. */
  async #look(into: Float32Array, { logits, labels, images, imageShape, logitsOf }: AnsweredBatch): Promise<void> {
    const share = 1 / (this.#views.length + 1);
    this.#addProbabilities(into, logits, labels.length, share);
    for (const view of this.#views)
      this.#addProbabilities(into, await logitsOf(seenThrough(view, images, imageShape)), labels.length, share);
  }

  #addProbabilities(into: Float32Array, logits: Float32Array, rows: number, share: number): void {
    const classes = this.#classes;
    const { temperature = 1 } = this.#checkpoint.calibration ?? {};
    for (let row = 0; row < rows; row++) {
      const own = logits.subarray(row * classes, (row + 1) * classes);
      softmax(Array.from(own, (logit) => logit / temperature)).forEach((probability, c) => {
        into[row * classes + c] = (into[row * classes + c] as number) + share * probability;
      });
    }
  }

  /** Of one normalised image [C, H, W]: mean over channels of std · mean(x) + mean. */
  #brightnessOf(image: Float32Array): number {
    const { channels, mean, std } = this.#checkpoint.preprocessing;
    const area = image.length / channels;
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      let level = 0;
      for (let i = channel * area; i < (channel + 1) * area; i++) level += image[i] as number;
      sum += (level / area) * (std[channel] as number) + (mean[channel] as number);
    }
    return sum / channels;
  }
}
