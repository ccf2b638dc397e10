/**
 * What follows a convolution or a matrix product number by number, and that the same primitive does before it stores: a bias for each
 * channel, a map that is added (the shortcut of a residual block), a rectifier. In a prediction whose batch norms are folded that is
 * nearly everything.
 */
import { type Node, ops, type Value } from '../../../ir/index.ts';
import { sameShape, sizeOf } from '../../../tensor/index.ts';
import { readersOf } from './readers.ts';
import type { Unit } from './units.ts';

/** y = relu(product + bias + residual), of which all but the product may be missing. */
export interface FusedProduct extends Unit {
  readonly kind: 'fusedConvolution' | 'fusedMatmul';
  readonly product: Node;
  /** One number for each channel. */
  readonly bias: Value | undefined;
  readonly residual: Value | undefined;
  readonly rectifies: boolean;
  readonly y: Value;
}

/** What a product that stands alone is. */
export const unfused = (product: Node): Pick<FusedProduct, 'product' | 'bias' | 'residual' | 'rectifies' | 'y'> => ({
  product,
  bias: undefined,
  residual: undefined,
  rectifies: false,
  y: product.outputs[0] as Value,
});

/**
 * Groups by each of their nodes. Values between them disappear, so none is `kept` or read by anybody else; nodes of `others` stay theirs,
 * and what these read stays.
 */
export function groupConvolutions(
  nodes: readonly Node[],
  kept: ReadonlySet<Value>,
  others: ReadonlyMap<Node, Unit>,
): Map<Node, Unit> {
  const readers = readersOf(nodes);
  const needed = new Set([...kept, ...[...others.values()].flatMap(({ inputs }) => inputs)]);
  const groups = new Map<Node, Unit>();
  const onlyReader = (value: Value): Node | undefined => {
    const [reader, another] = readers.get(value) ?? [];
    const isFree = reader && !another && !needed.has(value) && !others.has(reader) && !groups.has(reader);
    return isFree ? reader : undefined;
  };
  for (const node of nodes) {
    if ((node.op !== ops.conv2d && node.op !== ops.matmul) || others.has(node)) continue;
    const { unit, members } = follow(node, onlyReader);
    if (members.length > 1) for (const member of members) groups.set(member, unit);
  }
  return groups;
}

function follow(
  product: Node,
  onlyReader: (value: Value) => Node | undefined,
): { readonly unit: FusedProduct; readonly members: readonly Node[] } {
  const members = [product];
  let y = product.outputs[0] as Value;
  const take = (node: Node) => {
    members.push(node);
    y = node.outputs[0] as Value;
  };
  const addition = (fits: (other: Value) => boolean): Value | undefined => {
    const reader = onlyReader(y);
    if (reader?.op !== ops.add) return undefined;
    const [a, b] = reader.inputs as [Value, Value];
    const other = a === y ? b : a;
    if (other === y || !fits(other)) return undefined;
    take(reader);
    return other;
  };
  const bias = addition((other) => isBias(other, y));
  const isConvolution = product.op === ops.conv2d;
  const residual = isConvolution ? addition(({ type }) => sameShape(type.shape, y.type.shape)) : undefined;
  const rectifier = onlyReader(y);
  const rectifies = rectifier?.op === ops.relu;
  if (rectifies) take(rectifier);
  const added = [bias, residual].filter((value) => value !== undefined);
  const inputs = [...product.inputs, ...added];
  const kind = isConvolution ? 'fusedConvolution' : 'fusedMatmul';
  return { members, unit: { kind, product, bias, residual, rectifies, y, inputs, outputs: [y] } };
}

/** One number for each channel: [1, C, 1, 1] of images, [C] or [1, C] of rows. */
function isBias({ type }: Value, y: Value): boolean {
  const channels = y.type.shape[1] as number;
  const behind = y.type.shape.length - 2;
  const fits = behind >= 0 && type.shape.length <= y.type.shape.length;
  return fits && sizeOf(type.shape) === channels && type.shape.at(-1 - behind) === channels;
}
