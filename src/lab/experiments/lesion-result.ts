/** What lesions of networks give. */
import type { BlockKind } from '../arithmetic/network-blocks.ts';

/** What was done to a network, and its test error then. Errors are shares of the test images. */
export interface LesionRecord {
  readonly network: string;
  readonly kind: BlockKind;
  readonly classes: number;
  /** Test images. */
  readonly images: number;
  /** Of the whole network. */
  readonly error: number;
  /** Without each of its blocks, in their order; null where what follows does not fit without it. */
  readonly without: readonly { readonly block: string; readonly error: number | null }[];
  /** Without several, for each draw. */
  readonly several: readonly { readonly count: number; readonly errors: readonly number[] }[];
  /** With pairs of equal blocks in each other's place. */
  readonly swaps: readonly { readonly swaps: number; readonly tau: number; readonly error: number }[];
}

export interface LesionResult {
  readonly networks: readonly LesionRecord[];
}
