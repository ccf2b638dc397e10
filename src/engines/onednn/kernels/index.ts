/** Every op by its kernel. */
import { convolutionKernels } from './convolution.ts';
import { elementwiseKernels } from './elementwise.ts';
import type { Kernels } from './kernel.ts';
import { loops } from './loops.ts';
import { normalisationKernels } from './normalisation.ts';
import { poolingKernels } from './pooling.ts';
import { structureKernels } from './structure.ts';

export const kernels: Kernels = {
  ...convolutionKernels,
  ...elementwiseKernels,
  ...normalisationKernels,
  ...poolingKernels,
  ...structureKernels,
  logSoftmax: loops,
  oneHot: loops,
};
