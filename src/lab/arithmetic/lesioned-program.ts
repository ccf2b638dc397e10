/** A network whose blocks can be taken out while it runs: one program for all lesions, which is compiled once. */
import { add, multiply, type Program, rebuild, subtract, type Value } from '../../ir/index.ts';
import type { NetworkBlock } from './network-blocks.ts';

/** The name of the input, a scalar, that is 1 where a block of this place is there and 0 where it is not. */
export const switchOf = (place: number): string => `block ${place} is there`;

/**
 * `program` with a switch for each of `blocks` that can be removed. A residual block without its branch is its shortcut; a dense layer adds
 * zeros in place of its channels; a plain block hands on its input. With all switches at 1 it computes what it did, to the bit.
 */
export function lesionedProgram(program: Program, blocks: readonly NetworkBlock[]): Program {
  const removable = blocks.flatMap((block, place) => (block.isRemovable ? [{ ...block, place }] : []));
  return rebuild(program, {
    node: ({ op, attributes, ...node }, inputs, standIn) => {
      const joined = removable.filter(({ join }) => join.outputs === node.outputs);
      const [first] = joined;
      const graph = inputs[0]?.graph;
      if (!first || !graph) return undefined;
      const given = (place: number) => graph.input(switchOf(place), { dtype: 'float32', shape: [] });
      if (first.kind === 'plain') {
        const [result] = graph.apply(op, inputs, attributes) as [Value];
        const isThere = given(first.place);
        return [add(multiply(result, isThere), multiply(standIn(first.around), subtract(1, isThere)))];
      }
      const switched = inputs.map((input, i) => {
        const block = joined.find(({ result }) => result === node.inputs[i]);
        return block ? multiply(input, given(block.place)) : input;
      });
      return graph.apply(op, switched, attributes);
    },
  });
}
