import { number } from '../parts/index.ts';
import { defineSchedule, rate, stepsOf, warmUp } from './schedule.ts';

/** final + (lr − final) · (1 − progress)^power after the warm-up, as PyTorch's PolynomialLR where `final` is 0. @throws ConfigError */
export const polynomial = defineSchedule({
  name: 'polynomial',
  about: 'a power of the share of the run that is left; at power 1, a straight line',
  options: {
    final: rate('the rate that it approaches', 0),
    power: number({
      about: 'of the share that is left',
      above: 0,
      default: 1,
      hint: '1 is a straight line; 0.9 is usual for segmentation',
    }),
  },
  make: ({ lr, final, power, warmup }) => ({
    rate: (at, totalSteps) => {
      const first = stepsOf(warmup, totalSteps);
      if (at < first) return lr * warmUp(at, first);
      return final + (lr - final) * (1 - (at - first) / (totalSteps - first)) ** power;
    },
  }),
});
