/**
 * Less memory for a little more time: a backward pass that computes cheap results of the forward pass again, instead of keeping them
 * (Pleiss et al. 2017, arXiv 1707.06990; Chen et al. 2016, arXiv 1604.06174, §3).
 */
import { type Node, type Program, rebuild, results, type Value, waitFor } from '../ir/index.ts';
import { sizeOf } from '../tensor/index.ts';

/** What is computed again: nothing, what makes dense blocks grow with the square of their depth, or all that is cheap. */
export type Recompute = 'none' | 'dense' | 'cheap';

/** All of them. */
export const recomputeChoices: readonly Recompute[] = ['none', 'dense', 'cheap'];

/**
 * `program` with the same results, to the bit where the engine repeats itself. What comes after `loss` reads copies of the maps that are
 * computed again, each made when the cotangent of its first reader is there.
 */
export function recompute(program: Program, loss: Value, level: Recompute): Program {
  if (level === 'none') return program;
  const forward = nodesUntil(program, loss);
  const again = recomputable(program, forward, level);
  const isCotangent = (value: Value) => isMap(value) && value.source.kind === 'node' && !forward.has(value.source.node);
  const copies = new Map<Value, Value>();
  let cotangent: Value | undefined;

  const rebuilt = rebuild(program, {
    node: (node, _, standIn) => {
      if (forward.has(node)) return undefined;
      cotangent = node.inputs.find(isCotangent) ?? cotangent;
      const read = (value: Value): Value => {
        const parts = cotangent && again.get(value);
        if (parts && !copies.has(value)) copies.set(value, copy(value, parts));
        return copies.get(value) ?? standIn(value);
      };
      const copy = ({ source }: Value, parts: readonly Value[]): Value => {
        const { node: origin, index } = source as Extract<Value['source'], { kind: 'node' }>;
        let [first, ...others] = parts.map(read) as [Value, ...Value[]];
        // one part that waits is enough to make the copy wait, and to tell it from what it copies
        if (!parts.some((part) => copies.has(part))) first = waitFor(first, standIn(cotangent as Value));
        return first.graph.apply(origin.op, [first, ...others], origin.attributes)[index] as Value;
      };
      const inputs = node.inputs.map(read);
      return inputs[0]?.graph.apply(node.op, inputs, node.attributes);
    },
  });
  return { ...rebuilt, savesMemory: true };
}

function nodesUntil({ graph }: Program, loss: Value): Set<Node> {
  const last = graph.nodes.findIndex(({ outputs }) => outputs.includes(loss));
  return new Set(graph.nodes.slice(0, last + 1));
}

/** Vectors are small. */
const isMap = ({ type: { dtype, shape } }: Value) => dtype === 'float32' && shape.length > 2;

/** A chain that writes more than this many times its result's bytes is cut: something in it is kept. */
const longest = 4;

/** The maps that are computed again, and from what: parts that are joined step by step are joined at once. */
function recomputable(program: Program, forward: ReadonlySet<Node>, level: Recompute): Map<Value, readonly Value[]> {
  const kept = new Set(results(program));
  const again = new Map<Value, readonly Value[]>();
  /** Elements written to make a value again. */
  const work = new Map<Value, number>();
  for (const node of forward) {
    const { op, inputs, outputs } = node;
    if (op.recompute !== 'dense' && op.recompute !== level) continue;
    const parts = inputs.flatMap((input) => (isJoinedBy(node, input) && again.get(input)) || [input]);
    for (const value of outputs) {
      if (!isMap(value) || kept.has(value)) continue;
      const size = sizeOf(value.type.shape);
      const total = parts.reduce((sum, part) => sum + (work.get(part) ?? 0), size);
      if (total > longest * size) continue;
      again.set(value, parts);
      work.set(value, total);
    }
  }
  return again;
}

/** Whether `input` is a result of the same op with the same attributes, and may be left out between its parts and `node`. */
const isJoinedBy = ({ op, attributes }: Node, { source }: Value) =>
  op.isAssociative === true &&
  source.kind === 'node' &&
  source.node.op === op &&
  JSON.stringify(source.node.attributes) === JSON.stringify(attributes);
