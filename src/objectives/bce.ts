import { defineObjective, sigmoidCrossEntropy } from '../nn/index.ts';
import { labelSmoothingOption } from './label-smoothing.ts';

/** Binary cross entropy of each class apart, as PyTorch's BCEWithLogitsLoss (Wightman et al. 2021, §2.1). @throws ConfigError */
export const bce = defineObjective({
  name: 'bce',
  about: 'binary cross entropy of each class apart',
  source: 'arXiv:2110.00476',
  options: { labelSmoothing: labelSmoothingOption },
  make: ({ labelSmoothing }) => ({
    loss: ({ logits, targets, weights }) => sigmoidCrossEntropy(logits, targets, { labelSmoothing, weights }),
  }),
});
