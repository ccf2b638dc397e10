import type { DataSource } from '../data/index.ts';
import type { Network } from '../nn/index.ts';
import type { TrainOptions } from '../train/index.ts';
import type { ComparisonCallback } from './events.ts';

/** What each run has of its own, what only one run can have, and what code makes and no other process can. */
type NotShared =
  | 'model'
  | 'data'
  | 'out'
  | 'resume'
  | 'callbacks'
  | 'seed'
  | 'fold'
  | 'findLr'
  | 'maxSteps'
  | 'maxMinutes'
  | 'changedData'
  | 'engine'
  | 'testEngine';

/** What a comparison is asked for; the rest is the recipe of `train`, the same for all networks. */
export interface CompareOptions extends Omit<TrainOptions, NotShared> {
  /** Names of `skein models`, also with options (`resnet20:stochasticDepth=0.2`); paths of modules that export a network; networks of Skein's made in code. */
  readonly models: readonly (string | Network)[];
  /** What `loadData` understands: a name, a folder, a file, or several; each run reads it in a process of its own. */
  readonly data: DataSource;
  /** Trainings of each network; default 3. */
  readonly seeds?: number;
  /** The first seed; default 0. Networks are compared seed by seed: one seed is one split, one order of images. */
  readonly seed?: number;
  /**
   * The most minutes that all runs together may take. Before each run, what is left is shared equally among those that are left, and `epochs` is
   * an upper bound; a run that was begun is ended. Default: no limit.
   */
  readonly maxMinutes?: number;
  /** The name of an engine; default 'auto'. */
  readonly engine?: string;
  /** The name of the engine of the tests; default as of `train`. */
  readonly testEngine?: string;
  /**
   * The folder that gets comparison.json and a run folder for each network and seed. Where it holds a comparison with these settings, that one goes on.
   * Default: an unfinished `runs/comparison-N` with these settings, else the first free N.
   */
  readonly out?: string;
  readonly callbacks?: readonly ComparisonCallback[];
}
