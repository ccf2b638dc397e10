/** Runs a program node by node with each op's own `evaluate`: slow, in float64, and the truth. */
import { type Array64, liveNodes, ops, type Program, type Value } from '../../ir/index.ts';
import { EngineError, sizeOf } from '../../tensor/index.ts';

type Arrays = ReadonlyMap<string, Array64>;

export interface Evaluation {
  readonly outputs: Map<string, Array64>;
  /** New values of the updated entries; empty where the program's guard is false. */
  readonly updates: Map<string, Array64>;
  /** The guard's answer. */
  readonly kept: boolean;
}

/** Sums numbers over all ranks, which all ask in the same order. */
export type SumOverRanks = (numbers: Float64Array) => Promise<Float64Array>;

/** One run of `program` on these inputs and this state, as by the only rank. @throws EngineError where one is missing */
export function evaluate(program: Program, inputs: Arrays, state: Arrays): Evaluation {
  const run = evaluation(program, inputs, state);
  let at = run.next();
  while (!at.done) at = run.next(at.value);
  return at.value;
}

/** The same as one of several ranks. @throws EngineError where an array is missing */
export async function evaluateInRanks(
  program: Program,
  inputs: Arrays,
  state: Arrays,
  sum: SumOverRanks,
): Promise<Evaluation> {
  const run = evaluation(program, inputs, state);
  let at = run.next();
  while (!at.done) at = run.next(await sum(at.value));
  return at.value;
}

/** Stops at each reduction with what this rank gives to it, and goes on with what comes of it. */
function* evaluation(
  program: Program,
  inputs: Arrays,
  state: Arrays,
): Generator<Float64Array, Evaluation, Float64Array> {
  const known = new Map<Value, Array64>();
  const read = (value: Value): Array64 => {
    const found = known.get(value) ?? readLeaf(value, inputs, state);
    known.set(value, found);
    return found;
  };
  for (const { op, inputs: given, outputs, attributes } of liveNodes(program)) {
    const made = outputs.map(({ type: { shape } }) => ({ shape, data: new Float64Array(sizeOf(shape)) }));
    op.evaluate(given.map(read), made, attributes);
    if (op === ops.allReduce) for (const { data } of made) data.set(yield data);
    outputs.forEach((output, i) => {
      known.set(output, made[i] as Array64);
    });
  }
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
