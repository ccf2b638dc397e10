/** What engines run: a pure function from state and inputs to new state and outputs. */
import { ConfigError, Random, type Tensor, tensor } from '../tensor/index.ts';
import type { Graph, Node, Value } from './graph.ts';
import { select } from './ops/compare.ts';

export interface Program {
  readonly name: string;
  readonly graph: Graph;
  /** Read back after each run. */
  readonly outputs: ReadonlyMap<string, Value>;
  /** New values of state entries. */
  readonly updates: ReadonlyMap<string, Value>;
  /** A scalar bool: where it is false, the state stays as it was. */
  readonly guard?: Value;
  /** Its weights are constants, which an engine may take time to prepare. */
  readonly frozen?: true;
  /** It computes results again to need less memory, which an engine should not undo by keeping buffers. */
  readonly savesMemory?: true;
}

/** A program whose outputs and updates belong to `graph`. @throws ConfigError where an update does not fit its state entry */
export function defineProgram(program: Program): Program {
  for (const [name, value] of program.updates) {
    const entry = program.graph.state.get(name);
    if (!entry)
      throw new ConfigError(`program ${program.name}: it updates \`${name}\`, which is not part of its state`);
    if (String(entry.type.shape) !== String(value.type.shape))
      throw new ConfigError(
        `program ${program.name}: \`${name}\` is [${entry.type.shape.join(', ')}] but its update [${value.type.shape.join(', ')}]`,
      );
  }
  return program;
}

/** The same without a guard, for engines that know none: each update is the old content itself where the guard is false. */
export function withoutGuard({ guard, ...program }: Program): Program {
  if (guard === undefined) return program;
  const kept = ([name, value]: [string, Value]) =>
    [name, select(guard, value, program.graph.state.get(name) as Value)] as const;
  return defineProgram({ ...program, updates: new Map([...program.updates].map(kept)) });
}

/** Everything that a run must compute, in no particular order. */
export function results(program: Program): Value[] {
  return [...program.outputs.values(), ...program.updates.values(), ...(program.guard ? [program.guard] : [])];
}

/** The nodes that the results depend on, in the order in which they were made. */
export function liveNodes(program: Program): Node[] {
  const live = new Set<Node>();
  const open = results(program);
  for (let value = open.pop(); value; value = open.pop()) {
    if (value.source.kind !== 'node' || live.has(value.source.node)) continue;
    live.add(value.source.node);
    open.push(...value.source.node.inputs);
  }
  return program.graph.nodes.filter((node) => live.has(node));
}

/**
 * The first content of every state entry. Each entry draws from a stream of its own, named after it, so that equal names and seeds
 * give equal numbers whatever else the network contains.
 */
export function initialState(graph: Graph, seed: number): Map<string, Tensor<'float32'>> {
  const random = new Random(seed).fork('initial');
  const state = new Map<string, Tensor<'float32'>>();
  for (const [name, { source, type }] of graph.state)
    if (source.kind === 'state')
      state.set(name, tensor('float32', type.shape, source.initial(type.shape, random.fork(source.like ?? name))));
  return state;
}
