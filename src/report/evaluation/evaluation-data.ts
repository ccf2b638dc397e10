/** What an evaluation found, as plain data for its page; shares, probabilities and differences of accuracy run from 0 to 1. */
import type { ConfusionMatrix, ReliabilityBin } from '../../metrics/index.ts';

/** Everything that the page of an evaluation shows. */
export interface EvaluationReport {
  /** The checkpoint's file, as the person named it. */
  readonly checkpoint: string;
  readonly network: string;
  /** What the data is called. */
  readonly data: string;
  /** What was measured; `all` is every labelled image. */
  readonly split: 'train' | 'validation' | 'test' | 'all';
  /** What a person should know of these images and classes, a sentence each. */
  readonly notes: readonly string[];
  /** The network's, in the order of its logits. */
  readonly classes: readonly string[];
  readonly score: {
    readonly correct: number;
    readonly total: number;
    /** Mean cross entropy in nats, without a temperature. */
    readonly loss: number;
    /** Only where there are more than five classes. */
    readonly top5?: number | undefined;
    /** Of the accuracy, at 95 %. */
    readonly interval: ShareInterval;
  };
  /** `count(label, prediction)`; `perClass()` has precision, recall and F1. */
  readonly confusion: ConfusionMatrix;
  /** Classes (indices) that are taken for another, the most frequent first. */
  readonly confused: readonly {
    readonly label: number;
    readonly prediction: number;
    readonly images: number;
    /** Of the images with this label. */
    readonly share: number;
  }[];
  /** The wrong answers that the network was surest of, surest first. */
  readonly mistakes: readonly EvaluationMistake[];
  readonly calibration: EvaluationCalibration;
  readonly coverage: EvaluationCoverage;
  /** Accuracy by what the images have in common; empty where nothing tells them apart. */
  readonly slices: readonly EvaluationSlices[];
  /** Each image looked at several times, and the probabilities averaged; where it was asked for. */
  readonly augmented?: EvaluationAugmented | undefined;
  /** Another checkpoint on the same images; where it was asked for. */
  readonly against?: EvaluationAgainst | undefined;
  /** Images that could not be read and were passed over. */
  readonly badImages: readonly { readonly path: string; readonly message: string }[];
  /** Of skein. */
  readonly version: string;
}

/** Where a share is likely to lie, or a difference of two, at 95 %. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/** A wrong answer. */
export interface EvaluationMistake {
  readonly picture: { readonly png: Uint8Array; readonly height: number; readonly width: number };
  /** Class indices. */
  readonly label: number;
  readonly prediction: number;
  /** Of the predicted class. */
  readonly probability: number;
  /** The file, or the sample's number. */
  readonly name: string;
}

/** Whether confidence can be believed, before and after one temperature for all logits. */
export interface EvaluationCalibration {
  readonly before: CalibrationState;
  /** Undefined where no temperature could be fitted. */
  readonly after: CalibrationState | undefined;
  /** What logits are divided by; above 1 the network was too sure. */
  readonly temperature: number | undefined;
  /** Where the temperature comes from and what it was measured on, or why there is none: a sentence. */
  readonly origin: string;
}

/** Confidence and accuracy of the same images. */
export interface CalibrationState {
  /** Expected calibration error over bins of equal width. */
  readonly ece: number;
  /** The error that as many images show by chance where confidence is right: its mean, and what 95 % of cases stay below. */
  readonly noise: { readonly mean: number; readonly high: number };
  /** Mean cross entropy in nats. */
  readonly loss: number;
  /** Mean confidence in the predicted class. */
  readonly confidence: number;
  readonly bins: readonly ReliabilityBin[];
}

/** Accuracy where the network answers only what it is surest of. */
export interface EvaluationCoverage {
  /** From little coverage to 1, at most about 100 points. */
  readonly points: readonly CoveragePoint[];
  /** The area under the curve of errors by coverage: 0 is perfect. */
  readonly aurc: number;
  /** The least area that any order of the same answers has. */
  readonly bestAurc: number;
}

export interface CoveragePoint {
  /** Share of the images that are answered. */
  readonly coverage: number;
  /** Of these. */
  readonly accuracy: number;
  /** The least confidence that is answered. */
  readonly threshold: number;
}

/** One way of grouping the images. */
export interface EvaluationSlices {
  readonly by: 'size' | 'brightness' | 'folder';
  /** In an order that means something: from small to large, from dark to bright, by name. */
  readonly slices: readonly {
    /** For people: `1 to 20,000 pixels`, `levels 0 to 83`, `indoor/kitchen`. */
    readonly label: string;
    readonly images: number;
    readonly correct: number;
    readonly interval: ShareInterval;
  }[];
}

/** Test-time augmentation. */
export interface EvaluationAugmented {
  /** `flip`, … */
  readonly name: string;
  /** How often each image was looked at. */
  readonly views: number;
  readonly correct: number;
  readonly total: number;
  readonly interval: ShareInterval;
  /** Accuracy with it minus accuracy without it: a paired bootstrap. */
  readonly difference: ShareInterval;
}

/** Two checkpoints, image by image. */
export interface EvaluationAgainst {
  readonly checkpoint: string;
  readonly network: string;
  readonly correct: number;
  readonly total: number;
  /** Images that only this one, and only the other one, has right, and McNemar's two-sided p. */
  readonly mcnemar: {
    readonly b: number;
    readonly c: number;
    readonly p: number;
    readonly method: 'exact' | 'chi-square';
  };
  /** This accuracy minus the other one, and its interval by a paired bootstrap. */
  readonly difference: ShareInterval & { readonly value: number };
  /** Which is better, or that no difference can be seen: a sentence. */
  readonly verdict: string;
  /** What stands against it: `120 of these images are among those that … was trained on`. */
  readonly notes: readonly string[];
}
