/** The blocks of a network, found from its graph alone, so that networks of every origin have them: what can be taken out of it. */
import { liveNodes, macsOf, type Node, type Program, type Value } from '../../ir/index.ts';
import { sameShape } from '../../tensor/index.ts';
import { plainBlocks } from './plain-blocks.ts';

/** What a block's result does: it is added to a shortcut, joined to what was there, or is all that goes on. */
export type BlockKind = 'residual' | 'dense' | 'plain';

/** A part of a network. */
export interface NetworkBlock {
  readonly kind: BlockKind;
  /** `stage1.block2` */
  readonly path: string;
  /** What its layers make: a residual branch, the channels that a dense layer adds, or the whole map. */
  readonly result: Value;
  /** The node that joins it to what goes around it; in a plain network the one that makes it. */
  readonly join: Node;
  /** What goes around it: the shortcut, the earlier channels, or in a plain network the block's input. */
  readonly around: Value;
  /** Whether what is left without it fits what follows: not in a plain chain where the block changes the shape. */
  readonly isRemovable: boolean;
  /** The state entries that its layers read, in their order. */
  readonly entries: readonly string[];
  /** Equal where two blocks compute the same with other weights. */
  readonly signature: string;
}

/** Residual branches and dense layers; where there is neither, the blocks of the plain chain; in their order. */
export function blocksOf(program: Program): NetworkBlock[] {
  const nodes = liveNodes(program);
  const depth = depthsOf(nodes);
  const found = nodes.flatMap((join) => {
    const joined = joinedBy(join, depth);
    return joined.map(({ result, around, kind }) => block(nodes, { kind, result, around, join }));
  });
  return named(
    found.length > 0 ? found : plainBlocks(program).map((parts) => block(nodes, { kind: 'plain', ...parts })),
  );
}

type Parts = Pick<NetworkBlock, 'kind' | 'result' | 'around' | 'join'>;

/** For each value that depends on an input, the most multiplying layers and then nodes on a way to it. */
function depthsOf(nodes: readonly Node[]): ReadonlyMap<Value, number> {
  const depth = new Map<Value, number>();
  for (const node of nodes) {
    const fed = node.inputs.flatMap((input) => (input.source.kind === 'input' ? [0] : (depth.get(input) ?? [])));
    if (fed.length === 0) continue;
    const own = Math.max(...fed) + (macsOf(node) > 0 ? 1 : 1e-6);
    for (const output of node.outputs) depth.set(output, own);
  }
  return depth;
}

function joinedBy(node: Node, depth: ReadonlyMap<Value, number>): Omit<Parts, 'join'>[] {
  const fed = node.inputs.filter((input) => depth.has(input) || input.source.kind === 'input');
  const by = (value: Value) => depth.get(value) ?? 0;
  if (node.op.name === 'add' && fed.length === 2) {
    const [around, result] = [...fed].sort((a, b) => by(a) - by(b)) as [Value, Value];
    return by(result) - by(around) >= 0.5 ? [{ kind: 'residual', result, around }] : [];
  }
  if (node.op.name !== 'concat' || fed.length < 2) return [];
  const [around, ...added] = [...fed].sort((a, b) => by(a) - by(b)) as [Value, ...Value[]];
  return added
    .filter((result) => before(result).has(around))
    .map((result) => ({ kind: 'dense' as const, result, around }));
}

function block(nodes: readonly Node[], parts: Parts): Omit<NetworkBlock, 'path'> & { readonly scope: string } {
  const { kind, result, around } = parts;
  const [inside, outside] = [before(result), before(around)];
  const own = nodes.filter(({ outputs: [output] }) => output && inside.has(output) && !outside.has(output));
  const read = own.flatMap(({ inputs }) => inputs);
  const entries = read.flatMap(({ source }) => (source.kind === 'state' ? [source.name] : []));
  return {
    ...parts,
    scope: own.at(-1)?.scope ?? '',
    isRemovable: kind !== 'plain' || sameShape(result.type.shape, around.type.shape),
    entries: [...new Set(entries)],
    signature: JSON.stringify([
      around.type.shape,
      own.map(({ op, attributes, inputs }) => [op.name, attributes, inputs.map(({ type }) => type.shape)]),
    ]),
  };
}

/** All that a value is computed from, itself among it. */
function before(value: Value): ReadonlySet<Value> {
  const seen = new Set<Value>([value]);
  const open = [value];
  for (let next = open.pop(); next; next = open.pop())
    if (next.source.kind === 'node')
      for (const input of next.source.node.inputs)
        if (!seen.has(input)) {
          seen.add(input);
          open.push(input);
        }
  return seen;
}

/** By their scopes; those that share one are counted. */
function named(blocks: readonly (Omit<NetworkBlock, 'path'> & { readonly scope: string })[]): NetworkBlock[] {
  const scopes = blocks.map(({ scope }) => scope);
  return blocks.map(({ scope, ...block }, i) => {
    const isAlone = scopes.filter((other) => other === scope).length === 1;
    const count = scopes.slice(0, i + 1).filter((other) => other === scope).length;
    return { ...block, path: isAlone ? scope : `${scope === '' ? 'block' : `${scope}.block`}${count}` };
  });
}
