import type { Random } from '../tensor/index.ts';
import type { Sample } from './dataset.ts';

/** A random change to training samples. `name` and `options` are recorded with the run, so that it can be repeated. */
export interface Augmentation {
  readonly name: string;
  readonly options: Record<string, unknown>;
  /** A changed sample, or the same one; never modifies its argument and draws only from `random`. */
  apply(sample: Sample, random: Random): Sample;
}
