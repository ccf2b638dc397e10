/**
 * When a 3×3 convolution is faster in Winograd's form (Lavin and Gray 2015, arXiv 1509.09308). Measured with oneDNN 2.6 on AVX-512, where
 * the library's own choice takes twice the time for few channels and never comes to it for some gradients. Shapes alone decide, so that
 * every run computes the same bytes.
 */
import type { Shape } from '../../../tensor/index.ts';

type Pass = 'forwardTraining' | 'forwardInference' | 'backwardData' | 'backwardWeights';

/** Smaller maps do not fill its tiles. */
const smallestMap = 7;

/** By the shape [out, in, height, width] of the weight and that of a map; with strides or groups the library refuses later. */
export function prefersWinograd(pass: Pass, [outputs = 0, inputs = 0, ...kernel]: Shape, [, , ...map]: Shape): boolean {
  if (kernel.length !== 2 || kernel.some((extent) => extent !== 3)) return false;
  if (map.some((extent) => extent < smallestMap)) return false;
  if (pass === 'backwardData') return outputs >= 32;
  if (pass === 'backwardWeights') return Math.min(outputs, inputs) >= 32 && outputs * inputs >= 4096;
  return inputs >= 32;
}
