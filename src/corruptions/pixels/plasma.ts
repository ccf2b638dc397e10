import type { Extent } from '../../data/index.ts';
import type { Random } from '../../tensor/index.ts';

/**
 * Clouds by the diamond-square algorithm (Fournier, Fussell and Carpenter 1982) on a torus: each middle is the mean of four neighbours and a random
 * part, which shrinks from one scale to the next.
 * @param decay by which the range of the random part is divided at each step
 * @returns [height, width], the upper left of a square map of which the least value is 0 and the greatest 1
 */
export function plasma({ height, width }: Extent, decay: number, random: Random): Float64Array {
  let side = 1;
  while (side < Math.max(height, width)) side *= 2;
  const map = plasmaMap(side, decay, () => random.uniform());
  const part = new Float64Array(height * width);
  for (let y = 0; y < height; y++) part.set(map.subarray(y * side, y * side + width), y * width);
  return part;
}

/** The whole map, [side, side]; `side` is a power of 2. @param uniform draws from [0, 1) */
export function plasmaMap(side: number, decay: number, uniform: () => number): Float64Array {
  const map = new Float64Array(side * side);
  const at = (y: number, x: number) => map[((y + side) % side) * side + ((x + side) % side)] as number;
  // as published, the range is the square of what decays
  let range = 100;
  const shaken = (sum: number) => sum / 4 + range * (2 * uniform() - 1) * range;
  for (let step = side; step >= 2; step /= 2) {
    const half = step / 2;
    for (let y = half; y < side; y += step)
      for (let x = half; x < side; x += step)
        map[y * side + x] = shaken(
          at(y - half, x - half) + at(y - half, x + half) + at(y + half, x - half) + at(y + half, x + half),
        );
    const fill = (y: number, x: number) => {
      map[y * side + x] = shaken(at(y - half, x) + at(y + half, x) + at(y, x - half) + at(y, x + half));
    };
    for (let y = 0; y < side; y += step) for (let x = half; x < side; x += step) fill(y, x);
    for (let y = half; y < side; y += step) for (let x = 0; x < side; x += step) fill(y, x);
    range /= decay;
  }
  const least = map.reduce((low, one) => Math.min(low, one), Number.POSITIVE_INFINITY);
  const span = map.reduce((high, one) => Math.max(high, one), Number.NEGATIVE_INFINITY) - least;
  // one pixel alone has no span
  return map.map((one) => (span === 0 ? 0 : (one - least) / span));
}
