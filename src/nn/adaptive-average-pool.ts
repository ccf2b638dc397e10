/** Average pooling to a map of a given size, whatever the input's, so that linear layers behind it fit. */
import { concat, mean, slice, type Value } from '../ir/index.ts';
import { formatShape, ShapeError } from '../tensor/index.ts';
import { type Extent, pairOf } from './extent.ts';
import { averagePool } from './pool.ts';

/**
 * x [N, C, H, W] to [N, C, height, width] for an `extent` of height and width: the mean over H and W cut into that many pieces, which
 * overlap by one where they do not divide; as PyTorch's `AdaptiveAvgPool2d` cuts them. Of a smaller map, pixels repeat.
 * @throws ShapeError unless x has four axes
 * @throws ConfigError where `extent` is no size
 */
export function adaptiveAveragePool(x: Value, extent: Extent): Value {
  const target = pairOf('adaptiveAveragePool: `extent`', extent, 1);
  if (x.type.shape.length !== 4)
    throw new ShapeError(
      `adaptiveAveragePool: expected \`x\` to be [N, C, H, W], but it is ${formatShape(x.type.shape)}`,
    );
  const [, , height, width] = x.type.shape as [number, number, number, number];
  if (height % target[0] === 0 && width % target[1] === 0) {
    const kernel = [height / target[0], width / target[1]] as const;
    return kernel[0] === 1 && kernel[1] === 1 ? x : averagePool(x, { kernel });
  }
  return pieces(pieces(x, 2, target[0]), 3, target[1]);
}

/** Means over `count` pieces of an axis: piece i from ⌊i · extent / count⌋ to ⌈(i + 1) · extent / count⌉. */
function pieces(x: Value, axis: number, count: number): Value {
  const extent = x.type.shape[axis] as number;
  if (extent === count) return x;
  const means = Array.from({ length: count }, (_, i) => {
    const [start, stop] = [Math.floor((i * extent) / count), Math.ceil(((i + 1) * extent) / count)];
    return mean(slice(x, { axes: [axis], starts: [start], stops: [stop] }), [axis], { keepAxes: true });
  });
  return concat(means, axis);
}
