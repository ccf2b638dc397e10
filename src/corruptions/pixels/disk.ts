import { correlated, type Kernel } from './correlated.ts';

/**
 * The kernel of a lens out of focus: a disk whose border is softened by a bell.
 * @param radius of the disk in pixels @param softness standard deviation of that bell in pixels
 */
export function disk(radius: number, softness: number): Kernel {
  // as published: room for a radius of 8 at least, and a wider bell above that
  const reach = radius <= 8 ? 8 : Math.ceil(radius);
  const side = 2 * reach + 1;
  const weights = new Float64Array(side * side);
  let inside = 0;
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++)
      if (x * x + y * y <= radius * radius) {
        weights[(y + reach) * side + x + reach] = 1;
        inside++;
      }
  const extent = { height: side, width: side };
  return {
    side,
    weights: correlated(
      weights.map((one) => one / inside),
      extent,
      softening(softness, radius <= 8 ? 3 : 5),
    ),
  };
}

function softening(sigma: number, side: number): Kernel {
  const reach = (side - 1) / 2;
  const line = Float64Array.from({ length: side }, (_, x) => Math.exp(-((x - reach) ** 2) / (2 * sigma ** 2)));
  const sum = line.reduce((total, one) => total + one, 0);
  const weights = Float64Array.from(
    { length: side * side },
    (_, at) => ((line[Math.floor(at / side)] as number) * (line[at % side] as number)) / sum ** 2,
  );
  return { side, weights };
}
