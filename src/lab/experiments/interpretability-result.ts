/** What scores of maps are taken of, and what they are. */
import type { Amount } from '../amounts.ts';
import type { ImageScores } from '../explained-scores.ts';

export interface InterpretabilitySettings {
  readonly networks: readonly string[];
  readonly amount: Amount;
  /** Test images. */
  readonly test: number;
  /** Gradients of integrated gradients, at least. */
  readonly gradients: number;
  readonly randomMaps: number;
  readonly steps: number;
}

export interface InterpretabilityResult {
  /** Of the data. */
  readonly classes: number;
  /** What the maps of each image stand for, in their order. */
  readonly methods: readonly string[];
  readonly networks: readonly {
    readonly network: string;
    readonly top1: number;
    readonly images: readonly ImageScores[];
  }[];
}
