/** What bars are measured by: the rows that are shown, so that the longest bar fills its column and all others are in proportion. */
import type { DrawnPart } from './drawn-part.ts';
import { canOpen, type IsOpen } from './layout.ts';
import type { NetworkDrawing } from './network-drawing.ts';

/** A drawing with the scale of its bars. */
export interface ScaledDrawing extends NetworkDrawing {
  /** The most of a row with a bar. */
  readonly largest: { readonly params: number; readonly macs: number };
}

/** The drawing at the scale of the rows that `isOpen` leaves to see. */
export function scaled(drawing: NetworkDrawing, isOpen: IsOpen): ScaledDrawing {
  const largest = { params: 1, macs: 1 };
  for (const { params, macs } of rowsWithBars(drawing.parts, isOpen)) {
    largest.params = Math.max(largest.params, params);
    largest.macs = Math.max(largest.macs, macs);
  }
  return { ...drawing, largest };
}

/** Closed parts and layers; of a dense block the heading, which stands over its strip. */
function* rowsWithBars(parts: readonly DrawnPart[], isOpen: IsOpen, level = 0): Generator<DrawnPart> {
  for (const part of parts) {
    const opened = canOpen(part) && isOpen(part, level);
    if (!opened || part.kind === 'dense') yield part;
    if (opened) yield* rowsWithBars(part.parts, isOpen, level + 1);
  }
}

/** Lengths of the bars under a row's parameters and multiply-adds; more than 1 where the row is not among those that are shown. */
export function sharesOf({ params, macs }: DrawnPart, { largest }: ScaledDrawing): readonly [number, number] {
  return [params / largest.params, macs / largest.macs];
}
