import type { Words } from '../../report/index.ts';

/** The errors of residual networks on CIFAR-10. */
export const residualTable: Words = { en: 'He et al. 2015, Table 6', zh: 'He 等人 2015，表 6' };

/** The errors of dense networks on CIFAR. */
export const denseTable: Words = { en: 'Huang et al. 2017, Table 2', zh: 'Huang 等人 2017，表 2' };
