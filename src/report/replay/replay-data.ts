/** What the page of a replayed step shows. */
import type { ClassShare } from '../../data/index.ts';
import type { Picture } from '../page/picture.ts';

export interface ReplayData {
  /** The run's folder. */
  readonly run: string;
  readonly network: string;
  readonly data: string;
  readonly version: string;
  readonly step: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
  /** Of a run that fine-tunes. */
  readonly phase: string | undefined;
  /** `epoch-001.safetensors`, `the start`; and the steps that were taken from there before this one. */
  readonly from: string;
  readonly before: number;
  readonly loss: number;
  readonly recorded: { readonly loss: number; readonly isSame: boolean } | undefined;
  readonly lr: number;
  readonly correct: number;
  readonly images: number;
  readonly classes: readonly string[];
  readonly augmentation: string;
  readonly isOnFeatures: boolean;
  readonly samples: readonly ReplayedPicture[];
  readonly masks: readonly ReplayedMask[];
  readonly total: ReplayedNorms;
  readonly layers: readonly (ReplayedNorms & { readonly path: string })[];
  readonly clip: { readonly limit: number; readonly factor: number } | undefined;
  readonly engine: string;
  readonly precision: string;
  readonly threads: number;
  readonly changed: readonly { readonly what: string; readonly recorded: string; readonly now: string }[];
}

/** Euclidean norms. */
export interface ReplayedNorms {
  readonly size: number;
  readonly weights: number;
  readonly gradient: number;
  readonly update: number;
}

/** A mask of dropout or stochastic depth. */
export interface ReplayedMask {
  readonly path: string;
  readonly kind: 'dropout' | 'stochastic depth';
  readonly rate: number;
  readonly kept: number;
  readonly total: number;
}

/** A sample of the batch; without a picture where the head trains on features. */
export interface ReplayedPicture {
  readonly id: string;
  readonly picture: Picture | undefined;
  readonly label: number;
  readonly shares?: readonly ClassShare[];
  readonly weight: number;
  readonly isReplaced: boolean;
}
