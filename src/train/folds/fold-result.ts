/** What a cross validation comes to. */
import type { Score } from '../../trained/index.ts';
import type { Run } from '../run.ts';
import type { FoldsAccuracy } from './folds-accuracy.ts';

/** An epoch on the images that the fold held out. */
export interface FoldScore extends Pick<Score, 'loss' | 'top1' | 'correct' | 'total'> {
  readonly epoch: number;
}

/** What the training of one fold came to. */
export interface FoldResult {
  /** Counted from 1. */
  readonly fold: number;
  /** Of its run, or the name of another sink. */
  readonly folder: string;
  readonly stopped: 'finished' | 'callback' | 'patience';
  /** At the best epoch, which was chosen on these same images. */
  readonly best: FoldScore;
  /** At the last epoch, which nobody chose. */
  readonly last: FoldScore;
  /** On the test split, where the data has one. */
  readonly test: Run['test'];
}

/** All folds together. */
export interface CrossValidation {
  /** Undefined where folds have sinks of their own. */
  readonly folder: string | undefined;
  readonly folds: number;
  readonly stopped: 'finished' | 'interrupted';
  /** Of the folds that are done. */
  readonly results: readonly FoldResult[];
  /** Undefined where folds are left. */
  readonly best: FoldsAccuracy | undefined;
  readonly last: FoldsAccuracy | undefined;
}
