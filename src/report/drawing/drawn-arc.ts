import type { ConnectionKind } from '../../ir/index.ts';

/** A way around layers, beside the spine. */
export interface DrawnArc {
  readonly kind: ConnectionKind;
  /** It leaves the spine above this layer … */
  readonly start: number;
  /** … and joins it again in this one. */
  readonly end: number;
  /** Arcs that overlap stand in lanes beside each other; 0 is next to the spine. */
  readonly lane: number;
  /** What is on it: `1×1 conv, 256`; '' for nothing. */
  readonly label: string;
  /** Trained numbers on it. */
  readonly params: number;
}
