/** What the experiment `shattering` gives; numbers are means over initialisations. */
export interface LineNumbers {
  /** Of all pairs of different points. */
  readonly correlation: number | null;
  /** Of points 0, 1, … steps apart. */
  readonly autocorrelation: readonly (number | null)[];
}

export interface TowerLine extends LineNumbers {
  /** Of `lineVariants`. */
  readonly variant: string;
  readonly depth: number;
  /** The share of the variance at 1, 2, … periods over the line. */
  readonly spectrum: readonly (number | null)[];
  /** One initialisation's gradients, by the root of their mean square. */
  readonly example: readonly (number | null)[];
}

export interface NoiseLine extends LineNumbers {
  readonly noise: 'white' | 'brown';
  readonly spectrum: readonly (number | null)[];
}

export interface NetworkLine extends LineNumbers {
  readonly network: string;
}

export interface ShatteringResult {
  readonly towers: readonly TowerLine[];
  readonly noises: readonly NoiseLine[];
  /** At initialisation, along the line between two images. */
  readonly networks: readonly NetworkLine[];
}
