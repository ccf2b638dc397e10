/** What the report shows, as plain data; shares and probabilities run from 0 to 1. */
import type { ClassShare } from '../../data/index.ts';
import type { ConfusionMatrix, ReliabilityBin } from '../../metrics/index.ts';
import type { Forecast } from '../../probes/index.ts';
import type { Picture } from '../page/picture.ts';
import type { Mistake } from '../section/answered.ts';

/** Everything that a report shows. */
export interface ReportData {
  readonly network: string;
  /** What the data is called. */
  readonly data: string;
  readonly classes: readonly string[];
  /** What the network was measured on: the test split, or, where there is none, the images that picked the epoch. */
  readonly split: 'test' | 'validation';
  /** Whose numbers these are; epochs count from 1. */
  readonly weights: { readonly epoch: number; readonly isBest: boolean };
  readonly score: { readonly correct: number; readonly total: number; readonly loss: number; readonly top5?: number };
  readonly facts: ReportFacts;
  readonly history: readonly ReportEpoch[];
  /** How the learning rate was found, where the run looked for it. */
  readonly rates?: ReportRates | undefined;
  /** `count(label, prediction)` over the split. */
  readonly confusion: ConfusionMatrix;
  /** Over the split, by the confidence in the predicted class. */
  readonly calibration: readonly ReliabilityBin[];
  /** The wrong predictions of the split that the network was surest of, surest first. */
  readonly mistakes: readonly Mistake[];
  /** The first images of the first training batch. */
  readonly batch: readonly LabelledPicture[];
  /** Images that could not be read and were passed over. */
  readonly badImages: readonly PassedOver[];
  /** What more images would bring; left out where it was not measured. */
  readonly forecast?: Forecast;
  /** Images whose labels look wrong, the most doubtful first, and how many there are in all; left out where nobody looked. */
  readonly doubtful?: {
    readonly shown: readonly Doubtful[];
    readonly total: number;
    /** The share of all images whose label the classifier gives that was not fitted on them. */
    readonly agreement: number;
  };
}

/** What the run was made with, and what it took. */
export interface ReportFacts {
  readonly params: number;
  readonly engine: string;
  readonly threads: number;
  readonly precision: string;
  /** Mean over the training steps; undefined where it is not known. */
  readonly imagesPerSecond: number | undefined;
  /** The share of the steps' time in which they waited for images, and what would help where it is large; undefined where it is not known. */
  readonly waiting: { readonly share: number; readonly advice: readonly string[] } | undefined;
  /** The most memory that the engine held; undefined where this call of `train` did not train. */
  readonly peakBytes: number | undefined;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Samples of each split. */
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
  /** [channels, height, width] */
  readonly image: readonly [channels: number, height: number, width: number];
  /** Optimiser, schedule, augmentation and so on: a label and its text. */
  readonly recipe: readonly (readonly [label: string, text: string])[];
  /** Of skein. */
  readonly version: string;
}

/** The loss while the learning rate rose, and what follows from it. */
export interface ReportRates {
  readonly curve: readonly { readonly lr: number; readonly loss: number }[];
  readonly suggested: number | undefined;
  readonly reason: string;
}

/** One epoch's measurements. */
export interface ReportEpoch {
  /** From 1. */
  readonly epoch: number;
  readonly train: { readonly loss: number; readonly top1: number };
  readonly validation: { readonly loss: number; readonly top1: number };
  /** The learning rate of its last step. */
  readonly lr: number;
}

/** A picture and the index of its class. */
export interface LabelledPicture {
  readonly picture: Picture;
  readonly label: number;
  /** How much of which class it counts as, where that is more than its label: the largest share first. */
  readonly shares?: readonly ClassShare[];
}

/** An image that could not be read. */
export interface PassedOver {
  readonly split: string;
  readonly path: string;
  readonly message: string;
}

/** An image that looks like another class than its label, to a classifier that was not fitted on it. */
export interface Doubtful extends LabelledPicture {
  readonly likelier: number;
  /** Of the class that it looks like. */
  readonly probability: number;
  /** The file, or what the sample is called. */
  readonly name: string;
}
