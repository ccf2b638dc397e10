/** What `overfitting` is done with, and what it measures. */
import type { Words } from '../../report/index.ts';
import type { Amount } from '../amounts.ts';

/** How networks are kept from learning their images by heart. */
export interface Condition {
  readonly name: 'none' | 'decay' | 'decay-and-augmentation';
  readonly weightDecay: number;
  readonly isAugmented: boolean;
}

export interface OverfittingSettings extends Amount {
  readonly networks: readonly { readonly name: string; readonly depth: number }[];
  readonly conditions: readonly Condition[];
  /** Few, so that networks can fit them. */
  readonly images: number;
  /** The highest; default: as `train` has it. */
  readonly lr?: number;
}

/** Loss and accuracy; the loss is null where it was not finite. */
interface Measured {
  readonly loss: number | null;
  readonly top1: number;
  readonly total: number;
}

export interface OverfittingRun {
  readonly network: string;
  readonly depth: number;
  readonly condition: Condition['name'];
  readonly params: number;
  /** Both in evaluation mode, after the last step. */
  readonly train: Measured;
  readonly test: Measured;
}

export interface OverfittingResult {
  readonly runs: readonly OverfittingRun[];
}

export const conditionNames: Readonly<Record<Condition['name'], Words>> = {
  none: { en: 'no regularisation', zh: '无正则化' },
  decay: { en: 'weight decay', zh: '权重衰减' },
  'decay-and-augmentation': { en: 'weight decay and augmentation', zh: '权重衰减与数据增强' },
};
