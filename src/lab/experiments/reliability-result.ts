/** What networks are relied on for, and what comes of it. */
import type { Amount } from '../amounts.ts';
import type { ConfidenceFit } from '../arithmetic/reliability.ts';

export interface ReliabilitySettings {
  readonly networks: readonly string[];
  readonly amount: Amount;
  readonly seeds: number;
  /** Clean test images, at most. */
  readonly test: number;
  /** Validation images that the temperature is fitted on, at most. */
  readonly fitted: number;
  /** Test images that are corrupted, at severity 3. */
  readonly corrupted: number;
}

/** One training of a network. */
export interface SeedReliability {
  readonly seed: number;
  readonly fit: ConfidenceFit;
  /** Fitted on validation images; null where no temperature fits them. */
  readonly temperature: number | null;
  readonly fitAfter: ConfidenceFit | null;
  /** To each image that was measured. */
  readonly answers: readonly number[];
}

export interface ReliabilityResult {
  /** Of the data. */
  readonly classes: number;
  readonly corruptions: readonly string[];
  readonly networks: readonly {
    readonly network: string;
    readonly seeds: readonly SeedReliability[];
    /** Of the first seed, on the images that were corrupted. */
    readonly corrupted: {
      readonly clean: number;
      /** Accuracy under each. */
      readonly top1: readonly number[];
      /** The share of corruptions under which each image is right. */
      readonly images: readonly number[];
    };
  }[];
}
