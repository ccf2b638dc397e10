import { add, exp, logSoftmax, multiply } from '../../ir/index.ts';
import { type Objective, softmaxCrossEntropy } from '../../nn/index.ts';

/** The input of a step that has the teacher's logits, float32 [N, classes]. */
export const teacherInput = 'teacher';

/** How much a teacher says, and how softly. */
export interface Distillation {
  /** T: logits of both are divided by it. */
  readonly temperature: number;
  /** Of the teacher's part in the loss, 0 to 1. */
  readonly share: number;
}

/**
 * (1 − share) · H(label, softmax z) + share · T² · H(softmax(teacher / T), softmax(z / T)): T² keeps the sizes of both parts' gradients alike
 * (Hinton et al. 2015, Distilling the Knowledge in a Neural Network, arXiv 1503.02531, §2). A step with it is fed the teacher's logits.
 */
export const distillationLoss = ({ temperature, share }: Distillation): Objective => ({
  name: 'distillation',
  options: { temperature, share },
  loss: ({ logits, targets, weights }) => {
    const teacher = logits.graph.input(teacherInput, logits.type);
    const soft = exp(logSoftmax(multiply(teacher, 1 / temperature)));
    const taught = softmaxCrossEntropy(multiply(logits, 1 / temperature), soft, { weights });
    const own = softmaxCrossEntropy(logits, targets, { weights });
    return add(multiply(own, 1 - share), multiply(taught, share * temperature ** 2));
  },
});
