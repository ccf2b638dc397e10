/** The first content of parameters: functions of a shape and a stream of random numbers. */
import type { Initialiser } from '../ir/index.ts';
import { sizeOf } from '../tensor/index.ts';

const filled = (size: number, draw: () => number) => Float32Array.from({ length: size }, draw);

/**
 * Normal numbers of variance 2 / fan out, for a weight [O, …] whose fan out is O times its kernel's area: with rectifiers, gradients
 * keep their size from layer to layer (He et al. 2015, arXiv 1502.01852, equation 14).
 */
export const heNormal: Initialiser = (shape, random) => {
  const fanOut = (shape[0] ?? 1) * sizeOf(shape.slice(2));
  const deviation = Math.sqrt(2 / fanOut);
  return filled(sizeOf(shape), () => deviation * random.normal());
};

/** Uniform in ±1 / √(fan in), for a weight [O, I, …] whose fan in is I times its kernel's area: PyTorch's linear layers. */
export const uniformFanIn: Initialiser = (shape, random) => {
  const bound = 1 / Math.sqrt(sizeOf(shape.slice(1)));
  return filled(sizeOf(shape), () => bound * (2 * random.uniform() - 1));
};

/** `value` everywhere. */
export function constant(value: number): Initialiser {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** Normal numbers of this standard deviation around 0. */
export function normal(deviation: number): Initialiser {
  return (shape, random) => filled(sizeOf(shape), () => deviation * random.normal());
}
