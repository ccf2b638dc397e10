/** What the page of a comparison shows, as plain data; shares run from 0 to 1. */

/** Everything that the page shows. */
export interface ComparisonData {
  /** What the data is called. */
  readonly data: string;
  /** What accuracies are measured on, and how many images that are. */
  readonly split: 'test' | 'validation';
  readonly images: number;
  /** Trainings of each network that were asked for, and of all together those that are not done yet. */
  readonly seeds: number;
  readonly left: number;
  readonly networks: readonly ShownNetwork[];
  /** Of each pair of networks. */
  readonly differences: readonly ShownDifference[];
  /** What the differences stand on, in sentences. */
  readonly notes: readonly string[];
  /** The validation accuracy that all trainings reached. */
  readonly target: number | undefined;
  readonly failures: readonly { readonly network: string; readonly seed: number; readonly message: string }[];
  /** Of the recipe and the data: a label and its text. */
  readonly facts: readonly (readonly [label: string, text: string])[];
  /** Of skein. */
  readonly version: string;
}

/** A network of which at least one training is done; means are over seeds. */
export interface ShownNetwork {
  readonly name: string;
  /** Trainings that are done. */
  readonly seeds: number;
  readonly top1: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
    readonly over: 'seeds' | 'images';
  };
  readonly params: number;
  /** Multiply-adds of the forward pass of one image. */
  readonly macs: number;
  readonly imagesPerSecond: number;
  readonly peakBytes: number;
  readonly seconds: number;
  readonly secondsToTarget: number;
  /** Whether no other network is as accurate for less. */
  readonly pareto: { readonly macs: boolean; readonly params: boolean; readonly seconds: boolean };
  /** The epochs of each training. */
  readonly curves: readonly (readonly ShownEpoch[])[];
}

/** An epoch of a training. */
export interface ShownEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  readonly train: { readonly loss: number; readonly top1: number };
  readonly validation: { readonly loss: number; readonly top1: number };
  readonly seconds: number;
}

/** How two networks differ. */
export interface ShownDifference {
  readonly a: string;
  readonly b: string;
  /** The accuracy of `a` less that of `b`. */
  readonly mean: number;
  /** Undefined with a single seed. */
  readonly interval: { readonly low: number; readonly high: number } | undefined;
  readonly isReal: boolean;
  /** The same as a sentence. */
  readonly words: string;
}
