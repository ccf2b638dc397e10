import { definePart, type Named, type Options, type Part, type PartRecord } from '../parts/index.ts';
import type { Random } from '../tensor/index.ts';
import type { Sample } from './dataset.ts';

/** A random change to training samples. `name` and `options` are recorded with the run, so that it can be repeated. */
export interface Augmentation extends Named {
  /** A changed sample, or the same one; never modifies its argument and draws only from `random`. */
  apply(sample: Sample, random: Random): Sample;
}

/** An augmentation from its record. */
export const defineAugmentation = <Own extends Options>(
  record: PartRecord<Augmentation, Own>,
): Part<Augmentation, Own> => definePart(record);
