/** How many bytes a program moves if every op reads its inputs from memory once and writes its results there once. */
import { liveNodes, type Node, type Program, type Value } from '../../ir/index.ts';
import { bytesPerElement, sizeOf } from '../../tensor/index.ts';

/** Of one run. */
export interface Traffic {
  /** All that is read and written, weights included. */
  readonly bytes: number;
  /** The part of it that is for concatenations. */
  readonly joining: number;
}

/** Ops that only show a result in another shape move nothing, and what depends on weights alone is not counted: it is done once. */
export function trafficOf(program: Program): Traffic {
  const fed = new Set<Node>();
  const isFed = ({ source }: Value) => source.kind === 'input' || (source.kind === 'node' && fed.has(source.node));
  let [bytes, joining] = [0, 0];
  for (const node of liveNodes(program)) {
    if (!node.inputs.some(isFed)) continue;
    fed.add(node);
    if (node.op.isView) continue;
    const moved = [...node.inputs, ...node.outputs].reduce((sum, value) => sum + bytesOf(value), 0);
    bytes += moved;
    if (node.op.name === 'concat') joining += moved;
  }
  return { bytes, joining };
}

const bytesOf = ({ type }: Value) => sizeOf(type.shape) * bytesPerElement[type.dtype];
