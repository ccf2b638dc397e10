import { number } from '../parts/index.ts';
import { anneal, defineSchedule, rate, stepsOf, warmUp } from './schedule.ts';

/** Half a cosine up and half a cosine down (Smith and Topin 2017), step by step as PyTorch's OneCycleLR. @throws ConfigError */
export const oneCycle = defineSchedule({
  name: 'oneCycle',
  about: 'half a cosine up to the rate and half a cosine down',
  source: 'arXiv:1708.07120',
  options: {
    start: rate('the rate of its first step', ({ lr }) => (lr as number) / 25, 'lr / 25'),
    // PyTorch divides `start` by 10,000
    final: rate('the rate of its last step', ({ lr }) => (lr as number) / 1e4, 'lr / 10000'),
    peakAt: number({
      about: 'share of the cycle that rises',
      above: 0,
      below: 1,
      default: 0.3,
      hint: 'it is a share of the cycle',
    }),
  },
  make: ({ lr, start, final, peakAt, warmup }) => ({
    rate: (at, totalSteps) => {
      const first = stepsOf(warmup, totalSteps);
      if (at < first) return start * warmUp(at, first);
      // PyTorch puts the peak at step peakAt · total − 1 and the end at total − 1.
      const [steps, index] = [totalSteps - first, at - first];
      const [peak, end] = [peakAt * steps - 1, steps - 1];
      if (index <= peak) return anneal(start, lr, peak > 0 ? index / peak : 1);
      return anneal(lr, final, (index - peak) / (end - peak));
    },
  }),
});
