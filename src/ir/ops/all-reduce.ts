/** A sum over all ranks that train together: where their programs meet. */
import { formatShape, ShapeError } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { expectFloat } from './pointwise.ts';

export interface AllReduceAttributes {
  /**
   * Its place among the reductions of the graph that it was made in. All ranks must take part in the same ones in the same order, or each waits for
   * another: so no two are ever the same node, and whoever arranges nodes keeps them in the order of their turns.
   */
  readonly turn: number;
}

export const allReduceOp = defineOp({
  name: 'allReduce',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], { turn }: AllReduceAttributes) => {
    expectFloat('allReduce', 'x', x);
    if (!(Number.isSafeInteger(turn) && turn >= 0))
      throw new ShapeError(
        `allReduce: expected \`turn\` to be a whole number of at least 0, but it is ${turn}; x ${formatShape(x.shape)}`,
      );
    return [x];
  },
  // of one rank; engines whose process is one of several sum what this gives on each
  evaluate: ([x], [y]) => y.data.set(x.data),
  // the loss is the sum of what each rank adds to it, and x of this rank is in y of all
  gradient: { x: ({ cotangents: [dy] }) => allReduce(dy) },
  recompute: 'never',
  samples: [
    { inputs: [[2, 6]], attributes: { turn: 0 } },
    { inputs: [[]], attributes: { turn: 0 } },
    { inputs: [[2, 3, 4, 4]], attributes: { turn: 1 } },
  ],
});

/** Σ x over all ranks, the same on each; on one rank x itself. @throws ShapeError */
export function allReduce(x: Value): Value {
  const turn = x.graph.nodes.filter(({ op }) => op === allReduceOp).length;
  return applyOne(allReduceOp, [x], { turn });
}
