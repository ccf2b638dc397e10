/** A program cut where ranks meet, for engines that run a program as a whole and cannot stop within it. */
import { Graph, type Node, type Value } from './graph.ts';
import { ops } from './ops/index.ts';
import { defineProgram, liveNodes, type Program, results } from './program.ts';
import { sameLeaf } from './rebuild.ts';
import { walk } from './walk.ts';

/** What is computed between two reductions. Values that a segment leaves to later ones are outputs of its program and inputs of theirs. */
export interface Segment {
  /** The last one has the outputs, updates and guard of the whole. */
  readonly program: Program;
  /** The names of what it leaves to later ones. */
  readonly leaves: readonly string[];
  /** What all ranks sum afterwards, and what the sum is called; none after the last. */
  readonly reduced: { readonly from: string; readonly to: string } | undefined;
  /** What was left that nobody reads any more once that is done. */
  readonly done: readonly string[];
}

/** A value that one segment leaves to others is called by the node that makes it: no input is called so, for names are words. */
const nameOf = ({ id }: Value) => `value ${id}`;

/** The segments of `program`, to be run one after the other: one more than it has reductions, which keep their order. */
export function segments(program: Program): Segment[] {
  const nodes = liveNodes(program);
  const reductions = nodes.filter(({ op }) => op === ops.allReduce);
  if (reductions.length === 0) return [{ program, leaves: [], reduced: undefined, done: [] }];
  const pieces = piecesOf(nodes);
  const lastRead = new Map<Value, number>();
  pieces.forEach((piece, at) => {
    const ends = reductions[at]?.inputs ?? results(program);
    for (const value of [...piece.flatMap(({ inputs }) => inputs), ...ends]) lastRead.set(value, at);
  });
  const kept = new Set<Value>();
  return pieces.map((piece, at) => {
    const reduction = reductions[at];
    const [reduced] = reduction?.inputs ?? [];
    const isLeft = (value: Value) => value === reduced || (lastRead.get(value) ?? at) > at;
    const made = piece.flatMap(({ outputs }) => outputs).filter(isLeft);
    // a leaf that is reduced goes through this segment
    const left = reduced && reduced.source.kind !== 'node' ? [...made, reduced] : made;
    for (const value of [...left, ...(reduction?.outputs ?? [])]) kept.add(value);
    // a leaf that was reduced is read by later ones as itself
    const over = [...kept].filter((value) => value.source.kind !== 'node' || (lastRead.get(value) as number) <= at);
    for (const value of over) kept.delete(value);
    return {
      program: pieceOf(program, piece, left, reduction === undefined),
      leaves: left.map(nameOf),
      reduced: reduction && { from: nameOf(reduced as Value), to: nameOf(reduction.outputs[0] as Value) },
      done: over.map(nameOf),
    };
  });
}

/** The nodes before, between and after the reductions. */
function piecesOf(nodes: readonly Node[]): Node[][] {
  const pieces: Node[][] = [[]];
  for (const node of nodes) {
    if (node.op === ops.allReduce) pieces.push([]);
    else pieces.at(-1)?.push(node);
  }
  return pieces;
}

/** Some nodes of `program` as a program; what they read of other nodes is fed. */
function pieceOf(program: Program, nodes: readonly Node[], left: readonly Value[], isLast: boolean): Program {
  const { training, frozen, ranks } = program.graph;
  const graph = new Graph({ training, frozen, ranks });
  const standIn = walk<Value>(nodes, {
    leaf: (value) => (value.source.kind === 'node' ? graph.input(nameOf(value), value.type) : sameLeaf(graph, value)),
    node: ({ op, attributes }, inputs) => (inputs[0]?.graph ?? graph).apply(op, inputs, attributes),
  });
  const standIns = (named: Iterable<readonly [string, Value]>) =>
    new Map([...named].map(([name, value]) => [name, standIn(value)]));
  const ends = isLast ? program : { outputs: left.map((value) => [nameOf(value), value] as const), updates: [] };
  // entries that are only written
  if (isLast) for (const name of program.updates.keys()) standIn(program.graph.state.get(name) as Value);
  return defineProgram({
    name: program.name,
    graph,
    outputs: standIns(ends.outputs),
    updates: standIns(ends.updates),
    ...(isLast && program.guard && { guard: standIn(program.guard) }),
    ...(program.frozen && { frozen: true }),
    ...(program.savesMemory && { savesMemory: true }),
  });
}
