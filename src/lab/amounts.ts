/** How much networks are trained, so that experiments of one folder share what is trained alike. */
import type { Training } from './laboratory.ts';

/** What a training of these experiments does not leave open. */
export type Amount = Pick<Training, 'epochs' | 'images' | 'batchSize'>;

/** A few minutes for a handful of networks on two cores. */
export const quickAmount = { epochs: 2, images: 1600, batchSize: 32 } as const satisfies Amount;

/** As far as a processor gets in hours. */
export const fullAmount: Amount = { epochs: 10 };
