/** What an experiment works with: data, an engine that is already there, trainings and pieces that are done once. */
import type { Checkpoint } from '../checkpoint/index.ts';
import type { Splits } from '../data/index.ts';
import type { Engine, Precision } from '../engines/index.ts';
import type { ImageSize, Network } from '../nn/index.ts';
import type { EpochRecord, TrainOptions } from '../train/index.ts';
import type { Score } from '../trained/index.ts';

/** Images with their labels, as networks see them. */
export interface LaboratoryBatch {
  /** [count, channels, height, width], normalised. */
  readonly images: Float32Array;
  /** [count]. */
  readonly labels: Int32Array;
}

/** A network to train. All that is not said is as `train` has it. */
export interface Training
  extends Pick<
    TrainOptions,
    | 'batchSize'
    | 'lr'
    | 'optimiser'
    | 'augment'
    | 'loss'
    | 'average'
    | 'weights'
    | 'fineTune'
    | 'recompute'
    | 'patience'
  > {
  readonly network: Network;
  readonly epochs: number;
  /** Default: the laboratory's. */
  readonly seed?: number;
  /** The training images, an equal share of each class, and at most as many held-out ones; default: all. */
  readonly images?: number;
  /** What tells it from others of the same network and settings, where those are not all: `early`. */
  readonly variant?: string;
}

/** A trained network. */
export interface Trained {
  readonly network: Network;
  /** After the last epoch: its graph as it predicts, its tensors by the network's names, its classes. */
  readonly checkpoint: Checkpoint;
  /** Its file, which `skein predict` and others take. */
  readonly file: string;
  readonly record: TrainedRecord;
}

/** Its numbers, as JSON has them. */
export interface TrainedRecord {
  readonly network: string;
  readonly seed: number;
  readonly epochs: readonly EpochRecord[];
  /** On the test images, or where there are none on those of validation, with the weights of the last epoch. */
  readonly test: Pick<Score, 'loss' | 'top1' | 'total'>;
  readonly params: number;
  /** Multiply-adds of one image's prediction. */
  readonly macs: number;
  /** Of its steps and evaluations; of a call that was interrupted, those of its whole epochs. */
  readonly seconds: number;
  /** Of training steps alone, in the last epoch. */
  readonly imagesPerSecond: number;
  /** The most memory that the engine's process held by then. */
  readonly peakBytes: number;
}

/** A trained network of the person's own. */
export interface OwnNetwork {
  /** The path that was given. */
  readonly file: string;
  readonly checkpoint: Checkpoint;
}

/** As much of an experiment as another one needs that asks for its numbers. */
export interface Runnable {
  readonly name: string;
  run(lab: Laboratory, settings: unknown): Promise<unknown>;
}

export interface Laboratory {
  /** All three parts are there: what the data does not bring is held out, and where it has no test images those of validation are. */
  readonly data: Required<Omit<Splits, 'problems'>>;
  /** What networks see of an image. */
  readonly image: ImageSize;
  readonly classes: number;
  readonly seed: number;
  /** Its programs are all compiled in one process, one after the other. */
  readonly engine: Engine;
  /** Of trainings. */
  readonly precision: Precision;
  readonly threads: number;
  /** Where an experiment that takes one was given one. */
  readonly own: OwnNetwork | undefined;
  /** Aborted by Ctrl-C: long loops ask it. */
  readonly signal: AbortSignal;
  /** The first `count` images of a part in an order that the seed decides, an equal share of each class. */
  batch(part: 'train' | 'test', count: number): Promise<LaboratoryBatch>;
  /**
   * Does a piece of work once: what it gave is kept by its name, and is what a later call with that name gives, also after an interruption.
   * What it gives must be JSON.
   */
  piece<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Trains once: the same training in this folder, by whatever experiment, is not done again, and one that was interrupted goes on. */
  train(training: Training): Promise<Trained>;
  /** What another experiment gives in this folder, where it is done once for all that ask. */
  result(experiment: Runnable, settings: unknown): Promise<unknown>;
  /** What is done now, for the person who waits. @param share of the piece that is done, 0 to 1 */
  progress(text: string, share?: number): void;
}
