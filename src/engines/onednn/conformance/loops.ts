/** Operations as plain loops over dense arrays, to compare a library with. */

export interface ConvolutionShape {
  readonly batch: number;
  readonly groups: number;
  /** Of all groups together, as `outChannels` is. */
  readonly inChannels: number;
  readonly outChannels: number;
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: { readonly before: readonly [number, number]; readonly after: readonly [number, number] };
  /** 0 is none. */
  readonly dilation: readonly [number, number];
}

export function outputSize(shape: Omit<ConvolutionShape, 'groups' | 'inChannels' | 'outChannels' | 'batch'>) {
  const along = (axis: 0 | 1) => {
    const reach = (shape.kernel[axis] - 1) * (shape.dilation[axis] + 1) + 1;
    const padded = shape.size[axis] + shape.padding.before[axis] + shape.padding.after[axis];
    return Math.floor((padded - reach) / shape.stride[axis]) + 1;
  };
  return [along(0), along(1)] as const;
}

type Tap = (src: number, weight: number, dst: number) => void;

/** Visits every product of a convolution: where its factors lie, and where it is added. */
export function everyTap(shape: ConvolutionShape, visit: Tap): void {
  const { batch, groups, inChannels, outChannels, size, kernel } = shape;
  const [height, width] = outputSize(shape);
  const perGroup = { in: inChannels / groups, out: outChannels / groups };
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outChannels; o++)
      for (let i = 0; i < perGroup.in; i++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            for (let ky = 0; ky < kernel[0]; ky++)
              for (let kx = 0; kx < kernel[1]; kx++) {
                const sy = y * shape.stride[0] - shape.padding.before[0] + ky * (shape.dilation[0] + 1);
                const sx = x * shape.stride[1] - shape.padding.before[1] + kx * (shape.dilation[1] + 1);
                if (sy < 0 || sx < 0 || sy >= size[0] || sx >= size[1]) continue;
                const channel = Math.floor(o / perGroup.out) * perGroup.in + i;
                visit(
                  ((n * inChannels + channel) * size[0] + sy) * size[1] + sx,
                  ((o * perGroup.in + i) * kernel[0] + ky) * kernel[1] + kx,
                  ((n * outChannels + o) * height + y) * width + x,
                );
              }
}

/** Mean and biased variance of each channel of [batch, channels, pixels]. */
export function channelStatistics(x: Float32Array, batch: number, channels: number) {
  const count = x.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  everyElement(x.length, batch, channels, (at, c) => {
    mean[c]! += x[at]! / count;
  });
  everyElement(x.length, batch, channels, (at, c) => {
    variance[c]! += (x[at]! - mean[c]!) ** 2 / count;
  });
  return { mean, variance };
}

export function everyElement(
  length: number,
  batch: number,
  channels: number,
  visit: (at: number, channel: number) => void,
): void {
  const pixels = length / (batch * channels);
  for (let at = 0; at < length; at++) visit(at, Math.floor(at / pixels) % channels);
}

/** The gradient of a batch norm of training by its input: diffDst is that of the result after scale and shift. */
export function batchNormGradient(
  x: Float32Array,
  diffDst: Float32Array,
  scale: Float32Array,
  batch: number,
  epsilon: number,
) {
  const channels = scale.length;
  const { mean, variance } = channelStatistics(x, batch, channels);
  const normal = (at: number, c: number) => (x[at]! - mean[c]!) / Math.sqrt(variance[c]! + epsilon);
  const diffScale = new Float64Array(channels);
  const diffShift = new Float64Array(channels);
  everyElement(x.length, batch, channels, (at, c) => {
    diffScale[c]! += diffDst[at]! * normal(at, c);
    diffShift[c]! += diffDst[at]!;
  });
  const count = x.length / channels;
  const diffSrc = new Float64Array(x.length);
  // dx = scale / σ · (dy - mean(dy) - x̂ · mean(dy · x̂))
  everyElement(x.length, batch, channels, (at, c) => {
    const centred = diffDst[at]! - diffShift[c]! / count - (normal(at, c) * diffScale[c]!) / count;
    diffSrc[at] = (scale[c]! / Math.sqrt(variance[c]! + epsilon)) * centred;
  });
  return { diffSrc, diffScale, diffShift };
}

/** [m, k] · [k, n]. */
export function product(a: Float32Array, b: Float32Array, m: number, k: number, n: number) {
  const result = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) for (let p = 0; p < k; p++) result[i * n + j]! += a[i * k + p]! * b[p * n + j]!;
  return result;
}

/** How many elements a shape has. */
export const count = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);
