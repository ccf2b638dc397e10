/**
 * How alike gradients are at points along a line. Over initialisations their mean is 0, so nothing is subtracted: the correlation of two is
 * the mean of their product by the mean of their squares (Balduzzi et al. 2017, arXiv 1702.08591, §3).
 */
import type { Random } from '../../tensor/index.ts';

/** One gradient after the other, each of `dimension` numbers, at points that are equally far apart. */
export interface GradientLine {
  readonly values: ArrayLike<number>;
  readonly dimension: number;
}

const product = ({ values, dimension }: GradientLine, a: number, b: number): number => {
  let total = 0;
  for (let i = 0; i < dimension; i++)
    total += (values[a * dimension + i] as number) * (values[b * dimension + i] as number);
  return total;
};

const countOf = ({ values, dimension }: GradientLine) => values.length / dimension;

function meanSquare(line: GradientLine): number {
  const count = countOf(line);
  let total = 0;
  for (let i = 0; i < count; i++) total += product(line, i, i);
  return total / count;
}

/** Of points 0, 1, … `most` steps apart; 1 at 0. */
export function autocorrelation(line: GradientLine, most: number): number[] {
  const count = countOf(line);
  const square = meanSquare(line);
  return Array.from({ length: most + 1 }, (_, lag) => {
    let total = 0;
    for (let i = 0; i + lag < count; i++) total += product(line, i, i + lag);
    return total / (count - lag) / square;
  });
}

/** Of all pairs of different points. */
export function meanCorrelation(line: GradientLine): number {
  const { values, dimension } = line;
  const count = countOf(line);
  const total = new Float64Array(dimension);
  for (let i = 0; i < values.length; i++)
    total[i % dimension] = (total[i % dimension] as number) + (values[i] as number);
  const ofAll = total.reduce((sum, value) => sum + value * value, 0);
  const square = meanSquare(line);
  // (Σ g)² has each pair twice, and the squares
  return (ofAll - count * square) / (count * (count - 1)) / square;
}

/** The share of the variance at 1, 2, … half as many periods over the line as it has points. */
export function spectrum(values: ArrayLike<number>): number[] {
  const count = values.length;
  const power = Array.from({ length: Math.floor(count / 2) }, (_, k) => {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < count; i++) {
      const angle = (2 * Math.PI * (k + 1) * i) / count;
      real += (values[i] as number) * Math.cos(angle);
      imaginary += (values[i] as number) * Math.sin(angle);
    }
    return real * real + imaginary * imaginary;
  });
  const all = power.reduce((sum, one) => sum + one, 0);
  return power.map((one) => one / all);
}

/** Each point by itself. */
export const whiteNoise = (count: number, random: Random): Float64Array =>
  Float64Array.from({ length: count }, () => random.normal());

/** The sum of white noise up to each point. */
export function brownNoise(count: number, random: Random): Float64Array {
  let sum = 0;
  return whiteNoise(count, random).map((step) => {
    sum += step;
    return sum;
  });
}
