/** A smoother copy of the weights, which predicts in their place. */
import type { Value } from '../ir/index.ts';
import { definePart, type Named, type Options, type Part, type PartRecord } from '../parts/index.ts';

export interface Average extends Named {
  /** What an average becomes after a step: of its value before, and of the entry that it follows, both of the same shape. */
  next(before: Value, entry: Value): Value;
}

/** An average of weights from its record. */
export const defineAverage = <Own extends Options>(record: PartRecord<Average, Own>): Part<Average, Own> =>
  definePart(record);
