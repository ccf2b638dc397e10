/** What turns gradients into new parameters. */
import type { Value } from '../ir/index.ts';
import { definePart, type Named, type Options, type Part, type PartRecord } from '../parts/index.ts';

/** A trained state entry and the gradient of the loss by it. */
export interface Parameter {
  readonly name: string;
  readonly value: Value;
  /** Of the same shape. */
  readonly gradient: Value;
}

/** Adds its arithmetic to the graph of a training step, so that the whole step is one program. */
export interface Optimiser extends Named {
  /** The learning rate that is taken where none is given; default 0.1. */
  readonly usualRate?: number;
  /**
   * Registers the new value of every parameter, and of entries of the optimiser's own, with `graph.update`. What depends on the number of
   * the step is an input of its own, which a `provide` fills. Called once for each group of parameters with a learning rate of its own.
   * @param lr a float32 scalar
   */
  update(parameters: readonly Parameter[], lr: Value): void;
}

/** An optimiser from its record. */
export const defineOptimiser = <Own extends Options>(record: PartRecord<Optimiser, Own>): Part<Optimiser, Own> =>
  definePart(record);
