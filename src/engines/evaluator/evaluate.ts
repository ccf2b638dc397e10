/** Runs a program node by node with each op's own `evaluate`: slow, in float64, and the truth. */
import { type Array64, liveNodes, type Program, type Value, walk } from '../../ir/index.ts';
import { EngineError, sizeOf } from '../../tensor/index.ts';

type Arrays = ReadonlyMap<string, Array64>;

export interface Evaluation {
  readonly outputs: Map<string, Array64>;
  /** New values of the updated entries; empty where the program's guard is false. */
  readonly updates: Map<string, Array64>;
  /** The guard's answer. */
  readonly kept: boolean;
}

/** One run of `program` on these inputs and this state. @throws EngineError where one is missing */
export function evaluate(program: Program, inputs: Arrays, state: Arrays): Evaluation {
  const read = walk<Array64>(liveNodes(program), {
    leaf: (value) => readLeaf(value, inputs, state),
    node: ({ op, outputs, attributes }, given) => {
      const made = outputs.map(({ type: { shape } }) => ({ shape, data: new Float64Array(sizeOf(shape)) }));
      op.evaluate(given, made, attributes);
      return made;
    },
  });
  const readAll = (named: ReadonlyMap<string, Value>) =>
    new Map([...named].map(([name, value]) => [name, read(value)]));
  const kept = program.guard === undefined || read(program.guard).data[0] !== 0;
  return { outputs: readAll(program.outputs), updates: kept ? readAll(program.updates) : new Map(), kept };
}

function readLeaf({ source, type }: Value, inputs: Arrays, state: Arrays): Array64 {
  if (source.kind === 'constant')
    return { shape: type.shape, data: Float64Array.from(source.tensor.data as Float32Array) };
  if (source.kind === 'node') throw new EngineError(`evaluate: ${source.node.op.name} is read before it is computed`);
  const found = (source.kind === 'input' ? inputs : state).get(source.name);
  if (!found) throw new EngineError(`evaluate: ${source.kind} \`${source.name}\` is missing`);
  return found;
}
