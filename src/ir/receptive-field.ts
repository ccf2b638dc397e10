/** How much of the image a pixel of a map depends on, by following windows through the graph along all paths. */
import type { Node } from './graph.ts';
import type { Pair, Window } from './ops/window.ts';
import { liveNodes, type Program } from './program.ts';
import { walk } from './walk.ts';

/** Height and width in pixels of the image, also where they reach beyond it; or all of it, whatever its size. */
export type ReceptiveField = Pair | 'whole image';

/** Along one axis: the pixels that the first place of a map sees, and how much further the next place looks. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly jump: number;
}

type Seen = readonly [vertical: Span, horizontal: Span] | 'whole image';

const onePixel: Span = { first: 0, last: 0, jump: 1 };

/** What a network sees before it averages over everything: the largest field of a convolution's or pooling's map; undefined without any. */
export function largestReceptiveField(program: Program): ReceptiveField | undefined {
  let largest: ReceptiveField | undefined;
  for (const [node, field] of receptiveFields(program)) {
    const types = node.inputs.map(({ type }) => type);
    const { kernel = [1, 1] } = node.op.window?.(types, node.attributes, 0) ?? {};
    if (kernel[0] * kernel[1] > 1 && (largest === undefined || area(field) > area(largest))) largest = field;
  }
  return largest;
}

const area = (field: ReceptiveField) => (field === 'whole image' ? Number.POSITIVE_INFINITY : field[0] * field[1]);

/**
 * Of every node that depends on an input: what its results see. Where paths meet, it is the hull of what they see. Araujo et al. 2019
 * (Distill, "Computing Receptive Fields of Convolutional Neural Networks") derive the arithmetic.
 */
export function receptiveFields(program: Program): Map<Node, ReceptiveField> {
  const fields = new Map<Node, ReceptiveField>();
  walk<Seen | undefined>(liveNodes(program), {
    leaf: ({ source }) => (source.kind === 'input' && source.provide === undefined ? [onePixel, onePixel] : undefined),
    node: (node, inputs) => {
      const types = node.inputs.map(({ type }) => type);
      let seen: Seen | undefined;
      for (const [index, before] of inputs.entries()) {
        if (before === undefined) continue;
        const isMap = types[index]?.shape.length === 4;
        const window = isMap ? node.op.window?.(types, node.attributes, index) : undefined;
        const through = window === undefined ? 'whole image' : slide(before, window);
        seen = hull(seen ?? through, through);
      }
      if (seen !== undefined) fields.set(node, sizeOfSeen(seen));
      return node.outputs.map(() => seen);
    },
  });
  return fields;
}

/** What the places of the result of a window see. */
function slide(seen: Seen, { kernel, stride, padding, dilation }: Window): Seen {
  if (seen === 'whole image') return seen;
  const along = ({ first, last, jump }: Span, axis: 0 | 1): Span => ({
    first: first - padding[axis] * jump,
    last: last + (dilation[axis] * (kernel[axis] - 1) - padding[axis]) * jump,
    jump: jump * stride[axis],
  });
  return [along(seen[0], 0), along(seen[1], 1)];
}

function hull(a: Seen, b: Seen): Seen {
  if (a === 'whole image' || b === 'whole image') return 'whole image';
  const both = (p: Span, q: Span): Span => ({
    first: Math.min(p.first, q.first),
    last: Math.max(p.last, q.last),
    jump: Math.max(p.jump, q.jump),
  });
  return [both(a[0], b[0]), both(a[1], b[1])];
}

function sizeOfSeen(seen: Seen): ReceptiveField {
  return seen === 'whole image' ? seen : [seen[0].last - seen[0].first + 1, seen[1].last - seen[1].first + 1];
}
