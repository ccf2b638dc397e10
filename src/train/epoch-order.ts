import { balancedOrder, shuffledOrder } from '../data/index.ts';
import type { Settings } from './settings.ts';

/** Indices of the training samples in the order in which an epoch has them, counted from 0. */
export const epochOrder = (
  { splits, seed, trainLabels }: Pick<Settings, 'splits' | 'seed' | 'trainLabels'>,
  epoch: number,
): Uint32Array =>
  trainLabels ? balancedOrder(trainLabels, seed, epoch) : shuffledOrder(splits.train.length, seed, epoch);
