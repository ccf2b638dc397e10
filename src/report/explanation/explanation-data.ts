/** What the page of an explanation shows. */
import type { Picture } from '../page/picture.ts';

export interface ExplanationData {
  readonly network: string;
  /** The checkpoint, as it was given. */
  readonly checkpoint: string;
  readonly version: string;
  /** The layer that methods at a layer look at, where one does. */
  readonly layer: string | undefined;
  readonly methods: readonly ExplainedBy[];
  readonly images: readonly ExplainedPicture[];
}

/** A method over all maps that it made. */
export interface ExplainedBy {
  /** `Grad-CAM` */
  readonly title: string;
  /** What it does, in a few words. */
  readonly about: string;
  /** `arXiv:1610.02391` */
  readonly source: string | undefined;
  /** Its options as text; '' where it has none. */
  readonly options: string;
  readonly maps: number;
  /** Means over the maps; where they were checked. */
  readonly checks: MethodChecks | undefined;
}

export interface MethodChecks {
  readonly insertion: number;
  readonly deletion: number;
  /** Of random maps on a grid as fine. */
  readonly random: { readonly insertion: number; readonly deletion: number };
  /** Mean rank correlations with the map of the trained weights, from the head downwards; undefined where no map had an order. */
  readonly randomised: readonly { readonly path: string; readonly correlation: number | undefined }[];
}

/** One image with its maps. */
export interface ExplainedPicture {
  readonly name: string;
  readonly picture: Picture;
  /** Its class, where that is known. */
  readonly truth: string | undefined;
  readonly predictions: readonly { readonly label: string; readonly probability: number }[];
  /** By label, each with a map of every method. */
  readonly labels: readonly ExplainedLabel[];
  /** Training images that the network finds most like it. */
  readonly nearest: readonly NearPicture[];
}

export interface ExplainedLabel {
  readonly label: string;
  readonly probability: number;
  readonly maps: readonly PicturedMap[];
}

/** A map over its image. */
export interface PicturedMap {
  readonly title: string;
  readonly picture: Picture;
  /** The overlay's file beside the page. */
  readonly file: string;
  /** Where it was checked. */
  readonly checks:
    | {
        readonly insertion: number;
        readonly deletion: number;
        readonly inserted: readonly number[];
        readonly deleted: readonly number[];
        readonly random: { readonly insertion: number; readonly deletion: number };
        readonly verdict: string;
      }
    | undefined;
}

export interface NearPicture {
  readonly picture: Picture;
  readonly label: string;
  readonly id: string;
  /** 1 − cosine of the angle between the features: 0 to 2. */
  readonly distance: number;
}
