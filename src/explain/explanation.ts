/** What `explain` finds. */
import type { Image } from '../data/index.ts';
import type { Tensor } from '../tensor/index.ts';
import type { NearImage, Prediction } from '../trained/index.ts';
import type { Completeness } from './heat-map.ts';
import type { Curves } from './insertion-deletion.ts';
import type { StageLikeness } from './randomisation.ts';

/** Maps of several images. */
export interface Explanation {
  /** In the order in which they were given. */
  readonly images: readonly ExplainedImage[];
  /** The path of the layer that methods at a layer look at; undefined where none does. */
  readonly layer: string | undefined;
}

/** One image, and what speaks for its labels. */
export interface ExplainedImage {
  /** Its file, or what it was called. */
  readonly name: string;
  /** As the network sees it, before pixels are normalised. */
  readonly image: Image;
  /** Its class, where that is known. */
  readonly truth?: string;
  /** The likeliest labels. */
  readonly predictions: readonly Prediction[];
  /** By label, then by method. */
  readonly maps: readonly ExplainedMap[];
  /** The nearest training images by the features that the head reads, the nearest first; where they were asked for. */
  readonly nearest?: readonly NearImage[];
}

/** What in an image speaks for a label, as a method sees it. */
export interface ExplainedMap {
  /** `gradCam` */
  readonly method: string;
  /** `Grad-CAM`; of a method that is asked again, with other options, `Grad-CAM 2` */
  readonly title: string;
  readonly label: string;
  /** Among the network's classes. */
  readonly labelIndex: number;
  /** Of the label, 0 to 1. */
  readonly probability: number;
  /** Undefined for methods that look at pixels. */
  readonly layer: string | undefined;
  /** [height, width] of the layer's map or of the image; what is negative speaks against the label. */
  readonly map: Tensor<'float32'>;
  readonly completeness?: Completeness;
  /** What speaks for the map; where checks were asked for. */
  readonly checks?: MapChecks;
}

/** What speaks for or against a map. */
export interface MapChecks extends Curves {
  /** Means of random maps on a grid as fine. */
  readonly random: RandomScores;
  /** How alike the map stays while weights are lost from the head downwards, part by part. */
  readonly randomised: readonly StageLikeness[];
  /** All of it in words. */
  readonly verdict: string;
}

/** Scores of maps that know nothing. */
export interface RandomScores {
  readonly maps: number;
  readonly insertion: number;
  readonly deletion: number;
  /** The best of them. */
  readonly best: { readonly insertion: number; readonly deletion: number };
}
