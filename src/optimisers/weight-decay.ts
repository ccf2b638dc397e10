/** What decays, and how much: options that optimisers share. */
import type { Value } from '../ir/index.ts';
import { choice, number, type Option } from '../parts/index.ts';

export const weightDecayOption = (about: string, initial: number): Option<number> =>
  number({
    about,
    from: 0,
    default: initial,
    hint: '1e-4 with sgd and 0.01 with adamw are usual; 0 is off',
    flag: { flags: '--wd, --weight-decay <d>', about: 'pulls the weights to 0' },
  });

type Decay = 'all' | 'weights';

/** Without biases and batch norms: He et al. 2018, arXiv 1812.01187, §3.1. */
export const decayOption = (initial: Decay): Option<Decay> =>
  choice<Decay>(['all', 'weights'], {
    about: 'what decays: everything, or only weights of two or more axes, not biases and batch norms',
    default: initial,
    flag: { flags: '--no-decay-on-norm', value: 'weights', about: 'no weight decay for batch norms and biases' },
  });

/** Whether a parameter decays. */
export const decayed = ({ type }: Value, decay: Decay): boolean => decay === 'all' || type.shape.length >= 2;
