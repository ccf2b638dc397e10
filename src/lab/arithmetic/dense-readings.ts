/** Who reads which channels of a growing concatenation: dense blocks as they stand in a graph, whatever built it. */
import { liveNodes, type Node, type Program, type Value } from '../../ir/index.ts';

/** A convolution or fully connected layer that reads what a dense block has joined. */
export interface DenseReading {
  /** The state entry with its weights. */
  readonly weight: string;
  /** The axis of the weights that runs over the channels that are read. */
  readonly channelAxis: number;
  /** The channels of each part that it reads: the block's input first, then what its layers added, in their order. */
  readonly channels: readonly number[];
  /** Which part the layer makes, counted from 1; undefined for what reads the block from outside: a transition, a classifier. */
  readonly makes: number | undefined;
}

/** A dense block: its readers in the order of computation. */
export interface DenseBlock {
  readonly readings: readonly DenseReading[];
}

interface Reader {
  readonly node: Node;
  /** What it reads, as the values that were joined. */
  readonly parts: readonly Value[];
}

/** Blocks of a prediction program in which at least two layers read a concatenation that grew in between; none for other networks. */
export function denseBlocksOf(program: Program): DenseBlock[] {
  const nodes = liveNodes(program);
  const origin = originIn(nodes);
  const readers = nodes.filter(readsChannels).map((node) => {
    const joined = origin(node.inputs[0] as Value);
    return { node, parts: partsOf(joined).map(origin) };
  });
  const byInput = new Map<Value, Reader[]>();
  for (const reader of readers) {
    const input = reader.parts[0] as Value;
    byInput.set(input, [...(byInput.get(input) ?? []), reader]);
  }
  return [...byInput.values()].flatMap((all) => {
    const longest = all.reduce(
      (most, { parts }) => (parts.length > most.length ? parts : most),
      [] as readonly Value[],
    );
    const block = all.filter(({ parts }) => parts.every((part, i) => part === longest[i]));
    const lengths = new Set(block.map(({ parts }) => parts.length));
    return longest.length >= 3 && lengths.size >= 3 ? [{ readings: readingsOf(block, longest) }] : [];
  });
}

function readingsOf(block: readonly Reader[], parts: readonly Value[]): DenseReading[] {
  const makes = new Map<Node, number>();
  const own = new Set(block.map(({ node }) => node));
  parts.forEach((part, at) => {
    if (at > 0) for (const node of behind(part, own)) makes.set(node, at);
  });
  return block.map(({ node, parts: read }) => {
    const weight = node.inputs[1] as Value;
    return {
      weight: weight.source.kind === 'state' ? weight.source.name : '',
      channelAxis: node.op.name === 'conv2d' || node.attributes.transposeB === true ? 1 : 0,
      channels: read.map(({ type }) => type.shape[1] as number),
      makes: makes.get(node),
    };
  });
}

/** The first of these nodes on every way back from a value. */
function behind(value: Value, wanted: ReadonlySet<Node>): Node[] {
  const found: Node[] = [];
  const seen = new Set<Node>();
  const open = [value];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.source.kind !== 'node' || next.source.node.op.name === 'concat' || seen.has(next.source.node)) continue;
    const { node } = next.source;
    seen.add(node);
    if (wanted.has(node)) found.push(node);
    else open.push(...node.inputs);
  }
  return found;
}

const products = new Set(['conv2d', 'matmul']);

const readsChannels = ({ op, inputs, attributes }: Node): boolean =>
  products.has(op.name) && inputs[1]?.source.kind === 'state' && (attributes.groups ?? 1) === 1;

/** What was joined along the channels, through concatenations of concatenations. */
function partsOf(value: Value): Value[] {
  const { source } = value;
  return source.kind === 'node' && source.node.op.name === 'concat' && source.node.attributes.axis === 1
    ? source.node.inputs.flatMap(partsOf)
    : [value];
}

/** Goes back through all that leaves channels where they are: batch norms, rectifiers, pooling. */
function originIn(nodes: readonly Node[]): (value: Value) => Value {
  const fed = new Set<Node>();
  const isFed = ({ source }: Value) => source.kind === 'input' || (source.kind === 'node' && fed.has(source.node));
  for (const node of nodes) if (node.inputs.some(isFed)) fed.add(node);
  return (value) => {
    for (let at = value; ; ) {
      const { source, type } = at;
      if (source.kind !== 'node' || source.node.op.name === 'concat' || products.has(source.node.op.name)) return at;
      const [before, ...others] = source.node.inputs.filter(isFed);
      if (before === undefined || others.length > 0 || before.type.shape[1] !== type.shape[1]) return at;
      at = before;
    }
  };
}
