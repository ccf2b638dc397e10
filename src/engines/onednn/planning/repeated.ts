/** Arithmetic of a map with what is the same for all its pixels, its channels or its images. */
import { type Node, ops, type Value } from '../../../ir/index.ts';
import { type Shape, sameShape } from '../../../tensor/index.ts';

/** y = map ∘ small. */
export interface RepeatedOperand {
  readonly map: Value;
  readonly small: Value;
  /** What `small` is written out to: [1 or N, C, 1, 1] or [N, 1, H, W]. */
  readonly repeated: Shape;
}

/** A sum, difference, product or quotient that the library computes fast and right; a sum and a product take the map on either side. */
export function repeatedOperand({ op, inputs, outputs }: Node): RepeatedOperand | undefined {
  const [a, b] = inputs as [Value, Value];
  const { shape, dtype } = (outputs[0] as Value).type;
  const commutes = op === ops.add || op === ops.multiply;
  const isTurned = commutes && !sameShape(a.type.shape, shape);
  const [map, small] = isTurned ? [b, a] : [a, b];
  if (shape.length !== 4 || dtype !== 'float32' || !sameShape(map.type.shape, shape)) return undefined;
  const repeated = repeatedShape(small.type.shape, shape);
  return repeated && { map, small, repeated };
}

/**
 * A number for each channel, the same for all pixels, or one for each pixel, the same for all channels. What is the same for all channels
 * and pixels gets one for each channel. Of other kinds oneDNN 2.6 computes some wrong without a word ([1, 1, 1, 1] in blocks, [1, 1, 1, W]), and has
 * only plain loops for the rest.
 */
function repeatedShape(small: Shape, [images, channels, height, width]: Shape): Shape | undefined {
  const shape = [...Array(4 - small.length).fill(1), ...small];
  if (shape[2] === 1 && shape[3] === 1) return [shape[0], channels as number, 1, 1];
  return sameShape(shape, [images as number, 1, height as number, width as number]) ? shape : undefined;
}
