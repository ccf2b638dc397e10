/** How a row of pixels becomes a row of another length: the filters of PIL, as whole numbers. */
import type { Interpolation } from './scaling.ts';

export interface Filter {
  /** In pixels of the larger of the two images. */
  readonly support: number;
  weight(distance: number): number;
}

/** PIL's. */
export const filters: Readonly<Record<Exclude<Interpolation, 'nearest'>, Filter>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys 1981 with a = -0.5
  bicubic: { support: 2, weight: (x) => cubic(Math.abs(x)) },
  lanczos: { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

const cubic = (x: number): number => {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
};

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Bits behind the point of a weight; a sum of 255 times all of them stays below 2³¹. */
const precision = 22;

/** Which pixels each new one is made of, and their weights: as many for each, some of them 0. */
export interface Taps {
  readonly count: number;
  readonly starts: Int32Array;
  /** [length, count], in units of 2⁻²². */
  readonly weights: Int32Array;
}

/** @param step of a start, which counts pixels */
export function tapsOf(from: number, to: number, step: number, { support: width, weight }: Filter): Taps {
  const scale = from / to;
  const spread = Math.max(1, scale);
  const support = width * spread;
  // as PIL: a product, not a quotient, which rounds differently
  const narrow = 1 / spread;
  const count = Math.min(from, Math.ceil(support) * 2 + 1);
  const taps = { count, starts: new Int32Array(to), weights: new Int32Array(to * count) };
  const own = new Float64Array(count);
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let i = 0; i < end - start; i++) {
      own[i] = weight((i + start - centre + 0.5) * narrow);
      sum += own[i] as number;
    }
    // there are no pixels behind the last one
    const first = Math.min(start, from - count);
    taps.starts[at] = first * step;
    for (let i = 0, to = at * count + start - first; i < end - start; i++, to++) {
      const share = ((own[i] as number) / sum) * 2 ** precision;
      taps.weights[to] = Math.trunc(share + (share < 0 ? -0.5 : 0.5));
    }
  }
  return taps;
}
