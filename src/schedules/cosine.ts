import { anneal, defineSchedule, rate, stepsOf, warmUp } from './schedule.ts';

/** Half a cosine from `lr` down to `final` after the warm-up (Loshchilov and Hutter 2016, equation 5). @throws ConfigError */
export const cosine = defineSchedule({
  name: 'cosine',
  isDefault: true,
  about: 'half a cosine from the rate down to the final one',
  source: 'arXiv:1608.03983',
  options: { final: rate('the rate that it approaches', 0) },
  make: ({ lr, final, warmup }) => ({
    rate: (at, totalSteps) => {
      const first = stepsOf(warmup, totalSteps);
      if (at < first) return lr * warmUp(at, first);
      return anneal(lr, final, (at - first) / (totalSteps - first));
    },
  }),
});
