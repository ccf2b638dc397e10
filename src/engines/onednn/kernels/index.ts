/** Every op by its kernel. */
import { rankKernels } from './all-reduce.ts';
import { channelKernels } from './channels.ts';
import { convolutionKernels } from './convolution.ts';
import { elementwiseKernels } from './elementwise.ts';
import type { Kernels } from './kernel.ts';
import { loops } from './loops.ts';
import { matrixKernels } from './matrices.ts';
import { normalisationKernels } from './normalisation.ts';
import { poolingKernels } from './pooling.ts';
import { structureKernels } from './structure.ts';

export const kernels: Kernels = {
  ...convolutionKernels,
  ...elementwiseKernels,
  ...normalisationKernels,
  ...poolingKernels,
  ...structureKernels,
  ...channelKernels,
  ...matrixKernels,
  ...rankKernels,
  logSoftmax: loops,
  oneHot: loops,
};
