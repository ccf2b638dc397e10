/** What turns gradients into new parameters. */
import type { Value } from '../ir/index.ts';

/** Adds its arithmetic to the graph of a training step, so that the whole step is one program. */
export interface Optimiser {
  readonly name: string;
  /** What it was made with, as written to configuration files. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * Registers the new value of the parameter entry `name`, and of entries of the optimiser's own, with `graph.update`.
   * @param gradient of the parameter's shape
   * @param lr a float32 scalar
   */
  update(name: string, parameter: Value, gradient: Value, lr: Value): void;
}
