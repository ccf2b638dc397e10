import type { Tensor } from '../tensor/index.ts';

/** The outputs of one run by name, and whether it changed the state. */
export class RunOutputs extends Map<string, Tensor> {
  /** False where the program's guard was false and the state stayed as it was. */
  readonly kept: boolean;

  constructor(outputs: Iterable<readonly [string, Tensor]>, kept: boolean) {
    super(outputs);
    this.kept = kept;
  }
}
