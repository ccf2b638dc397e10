/** What stands on the spine: layers and groups of them, and the rows of dense blocks. */
import type { LayerCost } from '../../ir/index.ts';

/**
 * A layer; a block (a group that holds layers alone, or the layers around which a shortcut leads); a dense block; equal neighbours
 * as one; or any other group, such as a stage.
 */
export type PartKind = 'layer' | 'block' | 'dense' | 'run' | 'group';

/** A part of the spine, with its sums. Shapes are without the batch. */
export interface DrawnPart extends LayerCost {
  /** The path of its layers, or of its first layer where the network has no name for it. */
  readonly id: string;
  readonly name: string;
  readonly kind: PartKind;
  /** What it does, in the papers' words: `3×3 conv, 64, /2`. */
  readonly label: string;
  /** Of a layer. */
  readonly op?: string;
  readonly output: readonly number[];
  /** Its first and last layer, counted along the spine. */
  readonly first: number;
  readonly last: number;
  /** Empty for a layer. */
  readonly parts: readonly DrawnPart[];
  /** Of a dense block. */
  readonly strip?: DenseStrip;
}

/** A dense block's layers. */
export interface DenseStrip {
  /** Channels of the block's input. */
  readonly inputChannels: number;
  readonly rows: readonly DenseRow[];
}

/** One layer of a dense block: all that is between two concatenations. */
export interface DenseRow extends LayerCost {
  readonly name: string;
  readonly label: string;
  /** Channels that it adds. */
  readonly growth: number;
  /** Channels of all that came before. */
  readonly reads: number;
  /** The rows whose features it reads; −1 is the block's input. */
  readonly sources: readonly number[];
}
