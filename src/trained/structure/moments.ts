/**
 * Mean and variance of every channel, followed through a network from one batch norm to the next without any image: a batch norm's
 * result has the mean and deviation that its weight and bias say, and what a convolution makes of a mean is exact.
 */

/** How much is known of a channel: nothing; what a maximum may be; what follows from the norms before; what a norm has measured. */
export const known = { nothing: 0, roughly: 1, derived: 2, measured: 3 } as const;

/** Of the channels of one map. */
export interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** One of `known` for each channel. */
  readonly knowledge: Uint8Array;
}

/** Channels of which nothing is known. */
export const unknown = (channels: number): Moments => ({
  mean: new Float64Array(channels),
  variance: new Float64Array(channels),
  knowledge: new Uint8Array(channels),
});

/** Channel by channel; what is measured stays so only where `keeps`. */
function each(
  x: Moments,
  keeps: boolean,
  change: (mean: number, variance: number) => readonly [number, number],
): Moments {
  const y = unknown(x.mean.length);
  for (let c = 0; c < y.mean.length; c++) {
    const [mean, variance] = change(x.mean[c] as number, x.variance[c] as number);
    y.mean[c] = mean;
    y.variance[c] = variance;
    y.knowledge[c] = Math.min(x.knowledge[c] as number, keeps ? known.measured : known.derived);
  }
  return y;
}

/** The same numbers, derived: of some of the pixels, or of means of pixels. */
export const resampled = (x: Moments): Moments => each(x, false, (mean, variance) => [mean, variance]);

/** What a batch norm has measured, and what it gives. */
export function normalised(norm: {
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  readonly epsilon: number;
}): { readonly measured: Moments; readonly result: Moments } {
  const { mean, variance, weight, bias, epsilon } = norm;
  const all = (knowledge: number) => new Uint8Array(mean.length).fill(knowledge);
  const measured = { mean: Float64Array.from(mean), variance: Float64Array.from(variance) };
  const given = measured.variance.map((v, c) => ((weight[c] as number) ** 2 * v) / (v + epsilon));
  return {
    measured: { ...measured, knowledge: all(known.measured) },
    result: { mean: Float64Array.from(bias), variance: given, knowledge: all(known.derived) },
  };
}

/** Of normally distributed inputs. */
export const rectified = (x: Moments): Moments =>
  each(x, false, (mean, variance) => {
    const deviation = Math.sqrt(Math.max(0, variance));
    if (deviation < 1e-12) return [Math.max(0, mean), 0];
    const at = mean / deviation;
    const density = Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI);
    const share = normalShare(at);
    const first = mean * share + deviation * density;
    const second = (mean * mean + variance) * share + mean * deviation * density;
    return [first, Math.max(0, second - first * first)];
  });

/** Φ, to seven digits (Abramowitz and Stegun 1964, 26.2.17). */
function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}

/** The largest of some pixels that are alike: the mean and most of a deviation. */
export const largest = (x: Moments): Moments => {
  const y = each(x, false, (mean, variance) => [mean + 0.7 * Math.sqrt(Math.max(0, variance)), variance]);
  return { ...y, knowledge: y.knowledge.map((k) => Math.min(k, known.roughly)) };
};

/** Of independent summands. */
export function summed(a: Moments, b: Moments): Moments {
  const y = unknown(a.mean.length);
  for (let c = 0; c < y.mean.length; c++) {
    y.mean[c] = (a.mean[c] as number) + (b.mean[c] as number);
    y.variance[c] = (a.variance[c] as number) + (b.variance[c] as number);
    y.knowledge[c] = Math.min(a.knowledge[c] as number, b.knowledge[c] as number, known.derived);
  }
  return y;
}

/** With a constant added to each channel. */
export function shifted(x: Moments, by: ArrayLike<number>): Moments {
  const y = resampled(x);
  return { ...y, mean: y.mean.map((mean, c) => mean + (by[c] as number)) };
}

/** Concatenated along the channels. */
export function joined(parts: readonly Moments[]): Moments {
  const y = unknown(parts.reduce((sum, { mean }) => sum + mean.length, 0));
  let at = 0;
  for (const { mean, variance, knowledge } of parts) {
    y.mean.set(mean, at);
    y.variance.set(variance, at);
    y.knowledge.set(knowledge, at);
    at += mean.length;
  }
  return y;
}

/** Zeros before and after the channels. */
export function padded(x: Moments, before: number, after: number): Moments {
  const zeros = (channels: number): Moments => ({
    ...unknown(channels),
    knowledge: new Uint8Array(channels).fill(known.derived),
  });
  return before + after === 0 ? x : joined([zeros(before), resampled(x), zeros(after)]);
}

/** A convolution's weight, summed over its kernel: [O, I] of the weights and of their squares, each tap as often as it falls on the map. */
export interface SummedKernel {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  readonly outputs: number;
  /** Of each group. */
  readonly inputs: number;
  readonly groups: number;
}

/** @param shares for each tap, of the outputs for which it falls on the map */
export function summedKernel(
  weight: ArrayLike<number>,
  [outputs, inputs]: readonly [number, number],
  groups: number,
  shares: readonly number[],
): SummedKernel {
  const taps = shares.length;
  const sums = new Float64Array(outputs * inputs);
  const squares = new Float64Array(outputs * inputs);
  for (let i = 0; i < sums.length; i++)
    for (let k = 0; k < taps; k++) {
      const w = weight[i * taps + k] as number;
      const share = shares[k] as number;
      sums[i] = (sums[i] as number) + share * w;
      squares[i] = (squares[i] as number) + share * w * w;
    }
  return { sums, squares, outputs, inputs, groups };
}

/** Of independent pixels; the mean is exact. */
export function convolved(x: Moments, { sums, squares, outputs, inputs, groups }: SummedKernel): Moments {
  const y = unknown(outputs);
  for (let o = 0; o < outputs; o++) {
    const from = Math.floor((o * groups) / outputs) * inputs;
    let [mean, variance, knowledge] = [0, 0, known.derived as number];
    for (let i = 0; i < inputs; i++) {
      mean += (sums[o * inputs + i] as number) * (x.mean[from + i] as number);
      variance += (squares[o * inputs + i] as number) * (x.variance[from + i] as number);
      knowledge = Math.min(knowledge, x.knowledge[from + i] as number);
    }
    y.mean[o] = mean;
    y.variance[o] = variance;
    y.knowledge[o] = knowledge;
  }
  return y;
}
