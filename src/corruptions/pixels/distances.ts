import type { Extent } from '../../data/index.ts';

/** Steps to the neighbours that came before, and their lengths (Borgefors 1986, with OpenCV's for 5 × 5 pixels). */
const steps = [
  [0, -1, 1],
  [-1, 0, 1],
  [-1, -1, 1.4],
  [-1, 1, 1.4],
  [-1, -2, 2.1969],
  [-1, 2, 2.1969],
  [-2, -1, 2.1969],
  [-2, 1, 2.1969],
] as const;

/** How far each pixel is from the nearest one that is marked, in pixels; infinite where none is. @param marks [height, width]: 1 where marked */
export function distancesTo(marks: Uint8Array, { height, width }: Extent): Float64Array {
  const distances = Float64Array.from(marks, (mark) => (mark === 1 ? 0 : Number.POSITIVE_INFINITY));
  const visit = (y: number, x: number, sign: 1 | -1): void => {
    let least = distances[y * width + x] as number;
    for (const [down, across, length] of steps) {
      const [ny, nx] = [y + sign * down, x + sign * across];
      if (ny < 0 || ny >= height || nx < 0 || nx >= width) continue;
      least = Math.min(least, (distances[ny * width + nx] as number) + length);
    }
    distances[y * width + x] = least;
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) visit(y, x, 1);
  for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) visit(y, x, -1);
  return distances;
}
