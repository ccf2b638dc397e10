/** Errors of trained networks, from their records. */
import type { TrainedRecord } from '../laboratory.ts';
import type { Estimate } from './estimate.ts';
import { errorOf } from './gap.ts';

/** On the test images, with what their number leaves open. */
export const testErrorOf = ({ test }: Pick<TrainedRecord, 'test'>): Estimate => errorOf(test);

/** On the training images, over the last epoch as the weights changed. */
export const trainingErrorOf = ({ epochs }: Pick<TrainedRecord, 'epochs'>): number =>
  1 - (epochs.at(-1)?.train.top1 ?? Number.NaN);
