/** How each op is written in standard ONNX operators (opset 20). An engine may override entries with what it runs faster. */
import { convolutionLowerings, plainConvolution, plainProduct } from './lower-convolution.ts';
import { normalisationLowerings } from './lower-normalisation.ts';
import { pointwiseLowerings } from './lower-pointwise.ts';
import { poolingLowerings } from './lower-pooling.ts';
import { structureLowerings } from './lower-structure.ts';
import type { OnnxLowerings } from './lowering.ts';

export const portableLowerings: OnnxLowerings = {
  ...pointwiseLowerings,
  ...structureLowerings,
  ...convolutionLowerings({ convolve: plainConvolution, product: plainProduct }),
  ...normalisationLowerings,
  ...poolingLowerings,
};
