import { defineObjective, softmaxCrossEntropy } from '../nn/index.ts';
import { labelSmoothingOption } from './label-smoothing.ts';

/** Cross entropy of the softmax of the logits, as PyTorch's CrossEntropyLoss. @throws ConfigError */
export const crossEntropy = defineObjective({
  name: 'crossEntropy',
  isDefault: true,
  about: 'cross entropy of a softmax over the classes',
  options: { labelSmoothing: labelSmoothingOption },
  make: ({ labelSmoothing }) => ({
    loss: ({ logits, targets, weights }) => softmaxCrossEntropy(logits, targets, { labelSmoothing, weights }),
  }),
});
