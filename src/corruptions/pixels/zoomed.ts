import type { Extent } from '../../data/index.ts';

/**
 * The middle of a plane enlarged to the plane's own size, with linear interpolation: corners of what is cut out stand on corners, as in SciPy's
 * zoom, and what is more than the plane is trimmed on both sides.
 * @param plane [height, width] @param factor at least 1
 */
export function zoomed(plane: Float64Array, { height, width }: Extent, factor: number): Float64Array {
  const [rows, columns] = [places(height, factor), places(width, factor)];
  const result = new Float64Array(plane.length);
  for (let y = 0, to = 0; y < height; y++) {
    const { first: above, second: below, share: down } = rows[y] as Place;
    for (let x = 0; x < width; x++, to++) {
      const { first: left, second: right, share: across } = columns[x] as Place;
      const [p, q] = [plane[above * width + left] as number, plane[above * width + right] as number];
      const [r, s] = [plane[below * width + left] as number, plane[below * width + right] as number];
      result[to] = (1 - down) * ((1 - across) * p + across * q) + down * ((1 - across) * r + across * s);
    }
  }
  return result;
}

/** Between which two pixels a new one lies, and how far from the first. */
interface Place {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

function places(length: number, factor: number): Place[] {
  const cut = Math.ceil(length / factor);
  const start = Math.floor((length - cut) / 2);
  const enlarged = toEven(cut * factor);
  const trimmed = Math.floor((enlarged - length) / 2);
  const step = enlarged > 1 ? (cut - 1) / (enlarged - 1) : 0;
  return Array.from({ length }, (_, x) => {
    const at = Math.min(cut - 1, (x + trimmed) * step);
    const first = Math.floor(at);
    return { first: start + first, second: start + Math.min(cut - 1, first + 1), share: at - first };
  });
}

/** Rounded; halves to the even number, as Python does. */
function toEven(x: number): number {
  const below = Math.floor(x);
  return x - below === 0.5 ? below + (below % 2) : Math.round(x);
}
