/** The padding of a tensor, and how its content gets in and out of it. */
import { sizeOf, type Tensor } from '../../../../tensor/index.ts';

/** A stretch of an axis, and the room that it takes: at least its length, the rest is padding. */
export interface Segment {
  readonly length: number;
  readonly room: number;
}

/** Along each axis of a tensor. */
export type Padding = readonly (readonly Segment[])[];

export const paddedShape = (padding: Padding): number[] =>
  padding.map((segments) => segments.reduce((sum, { room }) => sum + room, 0));

/** Where each element of an axis lies once it is padded. */
function placesAlong(segments: readonly Segment[]): number[] {
  let start = 0;
  return segments.flatMap(({ length, room }) => {
    const places = Array.from({ length }, (_, i) => start + i);
    start += room;
    return places;
  });
}

/** Visits each element with its place before and after padding. */
function forEachPlace(padding: Padding, visit: (plain: number, padded: number) => void): void {
  const places = padding.map(placesAlong);
  const rooms = paddedShape(padding);
  let plain = 0;
  const walk = (axis: number, at: number) => {
    if (axis === padding.length) visit(plain++, at);
    else for (const place of places[axis] as number[]) walk(axis + 1, at * (rooms[axis] as number) + place);
  };
  walk(0, 0);
}

/** `content` with zeros where there is padding. */
export function spread({ dtype, data }: Tensor, padding: Padding): Tensor {
  const shape = paddedShape(padding);
  const wide = new Float32Array(sizeOf(shape));
  forEachPlace(padding, (plain, padded) => {
    wide[padded] = data[plain] as number;
  });
  return { dtype, shape, data: wide } as Tensor;
}

/** `content` without its padding. */
export function gather({ dtype, data }: Tensor, padding: Padding): Tensor {
  const shape = padding.map((segments) => segments.reduce((sum, { length }) => sum + length, 0));
  const narrow = new Float32Array(sizeOf(shape));
  forEachPlace(padding, (plain, padded) => {
    narrow[plain] = data[padded] as number;
  });
  return { dtype, shape, data: narrow } as Tensor;
}
