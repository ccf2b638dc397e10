import { number, numbers } from '../parts/index.ts';
import { defineSchedule, stepsOf, warmUp } from './schedule.ts';

/** A constant rate that drops at milestones, as in He et al. 2015, §4.2: `step({ lr: 0.1, milestones: [0.5, 0.75] })`. @throws ConfigError */
export const step = defineSchedule({
  name: 'step',
  about: 'a constant rate that drops at milestones',
  source: 'arXiv:1512.03385',
  options: {
    milestones: numbers({
      about: 'where it drops, as shares of the run: half and three quarters of it are 0.5 and 0.75',
      above: 0,
      below: 1,
      default: [0.5, 0.75],
      hint: 'they are shares of the run: epoch 45 of 90 is 0.5',
    }),
    factor: number({ about: 'what the rate is multiplied by at each milestone', from: 0, default: 0.1 }),
  },
  make: ({ lr, milestones, factor, warmup }) => ({
    rate: (at, totalSteps) => {
      const passed = milestones.filter((milestone) => at >= Math.round(milestone * totalSteps)).length;
      return lr * factor ** passed * warmUp(at, stepsOf(warmup, totalSteps));
    },
  }),
});
