/** The geometry of a window that slides over height and width, shared by convolution and pooling. */
import { formatShape, type Shape, ShapeError } from '../../tensor/index.ts';

/** Vertical, horizontal. */
export type Pair = readonly [number, number];

export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Rows added above and below, columns added left and right. */
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** A pixel sees the pixel at its own place. */
export const pixel: Window = { kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1] };

/** The window of ops that work number by number: the pixel at the same place, unless the input is repeated to fit another. */
export function pixelwise(inputs: readonly { readonly shape: Shape }[], _: unknown, index: number): Window | undefined {
  const [height, width] = (inputs[index]?.shape ?? []).slice(-2);
  const isRepeated = inputs.some(
    ({ shape }) =>
      shape.length === 4 && !((shape[2] as number) <= (height ?? 1) && (shape[3] as number) <= (width ?? 1)),
  );
  return isRepeated ? undefined : pixel;
}

/** Height and width of the output: ⌊(in + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1. @throws ShapeError where it is below 1 */
export function windowOutput(where: string, shape: Shape, { kernel, stride, padding, dilation }: Window): Pair {
  const extents = [0, 1].map((i) => {
    const reach = (dilation[i] as number) * ((kernel[i] as number) - 1) + 1;
    return Math.floor(((shape[i + 2] as number) + 2 * (padding[i] as number) - reach) / (stride[i] as number)) + 1;
  }) as [number, number];
  if (extents.some((extent) => extent < 1))
    throw new ShapeError(
      `${where}: a kernel of ${kernel.join('×')} (dilation ${dilation.join('×')}) does not fit into \`x\` ${formatShape(shape)} with padding ${padding.join('×')}`,
      'use a larger image, a smaller kernel or more padding',
    );
  return extents;
}

/**
 * Visits every pair of an output position and an input position under its window, with the tap of the kernel between them.
 * Input positions in the padding are left out.
 */
export function forEachTap(
  output: Pair,
  input: Pair,
  { kernel, stride, padding, dilation }: Window,
  visit: (output: number, input: number, tap: number) => void,
): void {
  for (let oy = 0; oy < output[0]; oy++)
    for (let ox = 0; ox < output[1]; ox++)
      for (let ky = 0; ky < kernel[0]; ky++) {
        const iy = oy * stride[0] - padding[0] + ky * dilation[0];
        if (iy < 0 || iy >= input[0]) continue;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const ix = ox * stride[1] - padding[1] + kx * dilation[1];
          if (ix < 0 || ix >= input[1]) continue;
          visit(oy * output[1] + ox, iy * input[1] + ix, ky * kernel[1] + kx);
        }
      }
}
