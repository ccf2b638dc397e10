/** Edges by Canny 1986, in the arithmetic of OpenCV: Sobel's differences of 3 × 3 pixels, and the sum of both as their size. */
import type { Extent } from '../../data/index.ts';
import { correlated, type Kernel } from './correlated.ts';

const kernel = (...weights: readonly number[]): Kernel => ({ side: 3, weights: Float64Array.from(weights) });
const across = kernel(-1, 0, 1, -2, 0, 2, -1, 0, 1);
const down = kernel(-1, -2, -1, 0, 0, 0, 1, 2, 1);
const slope = Math.tan(Math.PI / 8);

/**
 * 1 on edges, else 0. An edge has a pixel whose difference is above `high`, and goes on where it is above `low`.
 * @param plane [height, width] of levels
 */
export function edgesOf(plane: Float64Array, extent: Extent, low: number, high: number): Uint8Array {
  const { height, width } = extent;
  const dx = correlated(plane, extent, across, 'nearest');
  const dy = correlated(plane, extent, down, 'nearest');
  const sizes = dx.map((one, at) => Math.abs(one) + Math.abs(dy[at] as number));
  const sizeAt = (y: number, x: number) =>
    y < 0 || y >= height || x < 0 || x >= width ? 0 : (sizes[y * width + x] as number);
  /** Whether there is none larger across the edge. */
  const isRidge = (y: number, x: number): boolean => {
    const at = y * width + x;
    const [right, below, size] = [dx[at] as number, dy[at] as number, sizes[at] as number];
    const steep = Math.abs(below);
    if (steep < Math.abs(right) * slope) return size > sizeAt(y, x - 1) && size >= sizeAt(y, x + 1);
    // 1 / tan 22.5° = 2 + tan 22.5°
    if (steep > Math.abs(right) * (2 + slope)) return size > sizeAt(y - 1, x) && size >= sizeAt(y + 1, x);
    const side = right < 0 !== below < 0 ? -1 : 1;
    return size > sizeAt(y - 1, x - side) && size > sizeAt(y + 1, x + side);
  };
  const isCandidate = sizes.map((size, at) => (size > low && isRidge(Math.floor(at / width), at % width) ? 1 : 0));
  const edges = new Uint8Array(plane.length);
  const open: number[] = [];
  const take = (at: number) => {
    edges[at] = 1;
    open.push(at);
  };
  for (let at = 0; at < sizes.length; at++) if (isCandidate[at] === 1 && (sizes[at] as number) > high) take(at);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [y, x] = [Math.floor(at / width), at % width];
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++)
        if (isCandidate[ny * width + nx] === 1 && edges[ny * width + nx] === 0) take(ny * width + nx);
  }
  return edges;
}
