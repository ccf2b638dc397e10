import type { DrawnPart } from './drawn-part.ts';

/** Every part, its parts included, in the order of the spine. */
export function* partsIn(parts: readonly DrawnPart[]): Generator<DrawnPart> {
  for (const part of parts) {
    yield part;
    yield* partsIn(part.parts);
  }
}
