/** What `accuracy` is done with, and what it measures. */
import type { Amount } from '../amounts.ts';
import type { RecipeDifference } from '../arithmetic/recipe-differences.ts';

/** What the networks are to the article. */
export type Role = 'residual' | 'dense' | 'plain' | 'conventional' | 'linear';

export interface AccuracySettings extends Amount {
  readonly seeds: readonly number[];
  /** Of the laboratory's seed 0; `conventional` and `linear` are made besides. */
  readonly networks: Readonly<Record<'residual' | 'dense' | 'plain', string>>;
}

export interface AccuracyRun {
  readonly role: Role;
  readonly network: string;
  readonly seed: number;
  readonly test: { readonly loss: number | null; readonly top1: number; readonly total: number };
  readonly trainTop1: number;
  readonly params: number;
  readonly macs: number;
}

export interface AccuracyResult {
  readonly runs: readonly AccuracyRun[];
  /** Of the data. */
  readonly classes: number;
  /** The residual network's settings, as texts, and those that another network's run has otherwise. */
  readonly recipe: readonly (readonly [key: string, value: string])[];
  readonly differences: readonly { readonly network: string; readonly settings: readonly RecipeDifference[] }[];
}

/** Settings that say what the network is. */
export const networkSettings: readonly string[] = ['model', 'modelOptions'];
