/** What the experiment `gradients` gives. */
import type { NetworkNorms } from './network-norms.ts';

export interface TowerNorms {
  /** Of `towerVariants`. */
  readonly variant: string;
  /** Convolutions after the stem's. */
  readonly depth: number;
  /** By the output of each layer, or block, from the first to the last. Null where it was not finite, 0 where float32 has no smaller number. */
  readonly norms: readonly (number | null)[];
}

export interface GradientResult {
  readonly towers: readonly TowerNorms[];
  /** In training mode, from initialisation on; those that went on training have several steps. */
  readonly networks: readonly NetworkNorms[];
  /** Of the person's own trained network. */
  readonly own?: NetworkNorms;
}
