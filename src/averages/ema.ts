import { add, multiply } from '../ir/index.ts';
import { defineAverage } from '../nn/index.ts';
import { number } from '../parts/index.ts';

/**
 * An exponential moving average of all weights and running statistics, from the weights that training starts with (Polyak and Juditsky 1992;
 * Tarvainen and Valpola 2017, §2). @throws ConfigError
 */
export const ema = defineAverage({
  name: 'ema',
  about: 'exponential moving average of weights and running statistics',
  source: 'arXiv:1703.01780',
  options: {
    decay: number({
      about: 'share of the average that each step keeps',
      from: 0,
      below: 1,
      default: 0.999,
      hint: '0.999 follows about the last thousand steps; short runs need less',
      flag: { flags: '--ema <decay>', about: 'predict with a moving average of the weights that keeps this share' },
    }),
  },
  make: ({ decay }) => ({ next: (before, entry) => add(multiply(before, decay), multiply(entry, 1 - decay)) }),
});
