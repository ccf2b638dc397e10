/** What a training run tells while it goes on. */

import type { DataProblem, HoldOut } from '../data/index.ts';
import type { EnginePlan } from '../engines/index.ts';
import type { ImageSize } from '../nn/index.ts';
import type { Score } from '../trained/index.ts';
import type { RateSearch } from './rate-search/suggested-rate.ts';
import type { StartingHead } from './starting-head.ts';
import type { StartingPreprocessing } from './starting-preprocessing.ts';

/** Once, before the first step. */
export interface StartEvent {
  /** The run folder, or the name of another sink. */
  readonly folder: string;
  readonly params: number;
  readonly classes: number;
  /** What the network sees of each image. */
  readonly image: ImageSize;
  /** Whether images are files, which are scaled to that. */
  readonly isScaled: boolean;
  /** Whether training cuts its own part out of each picture, so that only images to measure on are scaled whole. */
  readonly isCut: boolean;
  /** Bytes of memory that decoded images may take, the folder that they are kept in, or 'off'. */
  readonly cache: number | string;
  /** Threads that decode and augment, where images are files. */
  readonly workers: number;
  /** What becomes of images that cannot be read. */
  readonly onBadImage: 'stop' | 'skip';
  /** Training samples of an epoch. */
  readonly samples: number;
  /** Samples that pick the best epoch, and how they were chosen, where the data did not bring them. */
  readonly validation: { readonly images: number; readonly heldOut?: HoldOut };
  readonly batchSize: number;
  /** Why it is no larger, where it was to fit. */
  readonly batchReason?: string;
  /** Network, optimiser, schedule, augmentation and all else that was chosen: a label and its text. */
  readonly recipe: readonly (readonly [label: string, text: string])[];
  /** What is worth knowing of the data: files that were passed over. */
  readonly problems: readonly DataProblem[];
  /** How the data has changed since the run was started, where it goes on all the same: `3 new images, 1 missing`. */
  readonly changes?: string;
  readonly engine: string;
  /** Why this engine, where nobody named one. */
  readonly engineReason?: string;
  /** What became of the head of the starting weights, where the run has some. */
  readonly startingHead?: StartingHead;
  /** The path of the head, where the starting weights are for other classes and it starts anew. */
  readonly renewedHead?: string;
  /** How pixels are seen, where that is as the starting weights say and the data would say otherwise. */
  readonly startingPreprocessing?: StartingPreprocessing;
  /** The layers that keep their weights. */
  readonly frozen?: readonly string[];
  readonly precision: EnginePlan['precision'];
  readonly threads: number;
  /** Where several processes train together: how many, and what they speak through. */
  readonly ranks?: { readonly size: number; readonly library: string };
  /** Steps that an earlier call of a resumed run has done. */
  readonly step: number;
}

export interface StepEvent {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch, and in all. */
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
  readonly step: number;
  /** The mean over this step's images. */
  readonly loss: number;
  /** Means over the epoch so far. */
  readonly running: { readonly loss: number; readonly top1: number };
  readonly lr: number;
  readonly imagesPerSecond: number;
  /** The share of the epoch's time so far in which steps waited for their images, 0 to 1. */
  readonly waiting: number;
  /** Until the last epoch ends; of a run that fine-tunes, the last one of the phase. */
  readonly secondsLeft: number;
}

/** A run that may take so long has found out how many steps that is. */
export interface LengthEvent {
  readonly maxMinutes: number;
  /** Without those of a head that trained before. */
  readonly steps: number;
  /** The last of which may be cut short. */
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** That the run is expected to take in all. */
  readonly seconds: number;
}

/** A phase of a run that fine-tunes begins. */
export interface PhaseEvent {
  /** `head`, `stage4 on`, `all`. */
  readonly name: string;
  /** Its first and last epoch, counted from 1. */
  readonly first: number;
  readonly last: number;
  /** Whether the head alone trains, on features that are computed first. */
  readonly isOnFeatures: boolean;
  /** The layers that keep their weights. */
  readonly frozen: readonly string[];
}

/** An image that cannot be read and is passed over. */
export interface BadImageEvent {
  readonly split: 'train' | 'validation' | 'test';
  /** Of its file; of data that is not files, what the sample is called there. */
  readonly path: string;
  /** Why. */
  readonly message: string;
}

export interface EpochEvent {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Over the epoch, with the weights as they changed. */
  readonly train: { readonly loss: number; readonly top1: number };
  readonly validation: Score;
  readonly lr: number;
  readonly isBest: boolean;
  /** That this call of `train` trained on: fewer than all where it went on within the epoch. */
  readonly images: number;
  /** Of the training steps alone. */
  readonly imagesPerSecond: number;
  /** The share of the training steps' time in which they waited for images, 0 to 1. */
  readonly waiting: number;
  readonly seconds: number;
}

/** What a finished epoch leaves in the checkpoint: no clock, so that equal runs give equal bytes. */
export type EpochRecord = Pick<EpochEvent, 'epoch' | 'train' | 'validation' | 'lr'>;

/** Called while training; all are optional. Returning 'stop' from `onEpoch` ends the run after that epoch. */
export interface Callback {
  onStart?(event: StartEvent): void;
  /** What is worth knowing although the run goes on, in a sentence: the folder for decoded images is full. */
  onNote?(text: string): void;
  /** After the start, where there are several phases or the head alone trains. */
  onPhase?(event: PhaseEvent): void;
  /** Before the start, where the run looks for its learning rate. */
  onRates?(event: RateSearch): void;
  /** Once, where the run has `maxMinutes`: after a trial, before the first of these steps. */
  onLength?(event: LengthEvent): void;
  /** While features are computed: images that are done, of how many. */
  onFeatures?(done: number, total: number): void;
  onStep?(event: StepEvent): void;
  /** Once for each, when the run first meets it. */
  onBadImage?(event: BadImageEvent): void;
  // biome-ignore lint/suspicious/noConfusingVoidType: a callback that returns nothing is the common one
  onEpoch?(event: EpochEvent): 'stop' | undefined | void;
}
