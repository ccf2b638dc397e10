/** What `scaling` is done with, and what it measures. */
import type { Words } from '../../report/index.ts';
import type { Amount } from '../amounts.ts';
import type { Size, SizedKind } from '../networks/sized-networks.ts';

/** What grows. */
export type Direction = 'depth' | 'width';

export interface ScalingSettings extends Amount {
  readonly batchSize: number;
  readonly sweeps: readonly {
    readonly kind: SizedKind;
    readonly by: Direction;
    /** From the smallest to the largest. */
    readonly sizes: readonly Size[];
  }[];
}

/** A network of a sweep. */
export interface SizedRun extends Size {
  readonly kind: SizedKind;
  readonly by: Direction;
  /** Planned for a training step: as it is, and where concatenations and batch norms are computed again. */
  readonly memoryBytes: number;
  readonly recomputedBytes: number;
  readonly record: {
    readonly network: string;
    readonly test: { readonly top1: number; readonly total: number };
    readonly params: number;
    readonly macs: number;
    /** Of training steps alone, in the last epoch. */
    readonly imagesPerSecond: number;
    readonly trainTop1: number;
  };
}

export interface ScalingResult {
  /** Of the data. */
  readonly classes: number;
  readonly runs: readonly SizedRun[];
}

export const sweepNames: Readonly<Record<SizedKind, Readonly<Record<Direction, Words>>>> = {
  residual: { depth: { en: 'residual, deeper', zh: '残差，加深' }, width: { en: 'residual, wider', zh: '残差，加宽' } },
  dense: { depth: { en: 'dense, deeper', zh: '稠密，加深' }, width: { en: 'dense, wider', zh: '稠密，加宽' } },
};
