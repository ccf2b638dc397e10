/** Where the tensors of a compiled program are. Numbers are float32, those of maps perhaps bfloat16; integers and truth values are whole numbers in
 * float32. */
import type { Layout, Memory } from '../library/index.ts';
import type { Access, Located } from '../planning/place.ts';

/** A tensor in one layout. */
export interface Stored extends Located {
  readonly layout: Layout;
  /** The images of a batch [N, C, H, W] stand one upon another, [1, C, N·H, W]: see planning/stacks.ts. */
  readonly isStacked?: true;
  /** Only so many channels count; behind them, up to the end of the block, anything may stand. */
  readonly holds?: number;
  /** What a slice took out, where it stands. */
  readonly isCut?: true;
  /** Between other numbers, in the memory of a larger tensor. */
  readonly isPart?: true;
}

/** Reaches the memory of a stretch once it has a place. */
export interface Places {
  memory(stored: Stored): Memory;
  floats(stored: Stored): Float32Array;
  /** Room for half as many numbers of twice the size. */
  doubles(stored: Stored): Float64Array;
  /** Whether both begin at the same byte. */
  isSame(one: Stored, other: Stored): boolean;
}

/** One thing that a run does. */
export interface Instruction extends Access {
  /** For profiles: `convolution forwardTraining`, `loop add`. */
  readonly name: string;
  readonly reads: readonly Stored[];
  readonly writes: readonly Stored[];
  /** Makes it ready to run again and again. */
  bind(places: Places): () => void;
}
