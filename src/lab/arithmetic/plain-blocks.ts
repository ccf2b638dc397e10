/** Where a chain without shortcuts can be cut: at values through which everything goes. */
import { liveNodes, macsOf, type Node, type Program, type Value } from '../../ir/index.ts';
import { sameShape } from '../../tensor/index.ts';

/** A piece of the chain. */
interface Piece {
  readonly around: Value;
  readonly result: Value;
  readonly join: Node;
}

/** A value of the chain, and the node that makes it. */
interface Cut {
  readonly value: Value;
  readonly node: Node;
}

/**
 * The scopes with convolutions, such as `stage1.block2`, where most of them keep the shape of their input; else, as in VGG, whose scopes are
 * whole stages, each convolution with the normalisation and rectifier that follow it. The classifier is none.
 */
export function plainBlocks(program: Program): Piece[] {
  const cuts = cutsOf(program);
  const scopes = pieces(cuts, ({ node }, last) => node.scope !== last.node.scope);
  const kept = scopes.filter(({ around, result }) => sameShape(around.type.shape, result.type.shape));
  if (2 * kept.length >= scopes.length && kept.length > 0) return scopes;
  return pieces(cuts, ({ node }) => macsOf(node) > 0 || node.op.name.endsWith('Pool2d'));
}

/** The chain in pieces that begin where `begins` says, as far as they convolve. */
function pieces(cuts: readonly Cut[], begins: (cut: Cut, last: Cut) => boolean): Piece[] {
  const groups: Cut[][] = [];
  const starts: Value[] = [];
  cuts.forEach((cut, i) => {
    const last = cuts[i - 1];
    if (last && (groups.length === 0 || begins(cut, last))) {
      groups.push([]);
      starts.push(last.value);
    }
    groups.at(-1)?.push(cut);
  });
  return groups.flatMap((group, i) => {
    const { value: result, node: join } = group.at(-1) as Cut;
    const convolves = group.some(({ node }) => node.op.name === 'conv2d');
    return convolves ? [{ around: starts[i] as Value, result, join }] : [];
  });
}

/** The values after which nothing before them is read again. */
function cutsOf(program: Program): Cut[] {
  const nodes = liveNodes(program);
  const fed = new Set<Value>(program.graph.inputs.values());
  const chain = nodes.filter(({ inputs, outputs }) => {
    if (!inputs.some((input) => fed.has(input))) return false;
    for (const output of outputs) fed.add(output);
    return true;
  });
  const uses = new Map<Value, number>();
  for (const { inputs } of chain)
    for (const input of new Set(inputs)) if (fed.has(input)) uses.set(input, (uses.get(input) ?? 0) + 1);
  const open = new Set<Value>([...program.graph.inputs.values()].filter((value) => uses.has(value)));
  const cuts: Cut[] = [];
  for (const node of chain) {
    for (const input of new Set(node.inputs)) {
      if (!fed.has(input)) continue;
      uses.set(input, (uses.get(input) as number) - 1);
      if (uses.get(input) === 0) open.delete(input);
    }
    for (const output of node.outputs) if (uses.has(output)) open.add(output);
    const [value, another] = open;
    if (value && !another && node.outputs.includes(value)) cuts.push({ value, node });
  }
  return cuts;
}
