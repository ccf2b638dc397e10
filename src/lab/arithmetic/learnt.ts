/** Whether trained networks have learnt anything to speak of: what is measured of one that guesses is chance's doing. */
import type { Words } from '../../report/index.ts';

/** It errs on at most four fifths of what guessing does. */
export const hasLearnt = (error: number, classes: number): boolean => error <= 0.8 * (1 - 1 / classes);

/** Why nothing follows; undefined where there is nobody to name. @param names of networks that have not learnt */
export const hardlyLearnt = (names: readonly string[]): Words | undefined =>
  names.length === 0
    ? undefined
    : {
        en: `It cannot be told, as ${names.join(' and ')} ${names.length > 1 ? 'have' : 'has'} hardly learnt`,
        zh: `无法判断，因为 ${names.join('、')} 几乎还没有学到东西`,
      };
