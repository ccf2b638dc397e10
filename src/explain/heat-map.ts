/** What a method says of an image: a number for each place of a map, large where the image speaks for the class. */
export interface HeatMap {
  /** [height, width] */
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
  /** What else the method found out, such as how exact it was. */
  readonly completeness?: Completeness;
}

/** Whether attributions add up to what they are to explain (Sundararajan et al. 2017, §3, axiom completeness). */
export interface Completeness {
  /** The logit of the image less that of the baseline. */
  readonly difference: number;
  /** |sum of attributions − difference| / |difference|. */
  readonly gap: number;
  /** Gradients along the path. */
  readonly steps: number;
}
