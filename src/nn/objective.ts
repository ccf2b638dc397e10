/** What training makes small. */
import type { Value } from '../ir/index.ts';
import { definePart, type Named, type Options, type Part, type PartRecord } from '../parts/index.ts';

/** What the loss of a batch is computed from. */
export interface ObjectiveInputs {
  /** float32 [N, classes]. */
  readonly logits: Value;
  /** Labels, int32 [N], or the share of each class, float32 [N, classes]. */
  readonly targets: Value;
  /** How much each image counts, float32 [N]; 0 leaves padding out. */
  readonly weights: Value;
}

/** Adds the loss to the graph of a training step. What it needs besides, such as a teacher's logits, is an input that it declares. */
export interface Objective extends Named {
  /** The mean loss over the batch by weight, a scalar. */
  loss(inputs: ObjectiveInputs): Value;
}

/** An objective from its record. */
export const defineObjective = <Own extends Options>(record: PartRecord<Objective, Own>): Part<Objective, Own> =>
  definePart(record);
