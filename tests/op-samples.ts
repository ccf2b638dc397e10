/** Programs made from the ops' samples, for the conformance suite. */
import { gradients } from '../src/autodiff/index.ts';
import {
  defineProgram,
  Graph,
  multiply,
  type OpDefinition,
  ops,
  type Program,
  type SampleInput,
  sum,
  type TensorType,
  type Value,
} from '../src/ir/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../src/tensor/index.ts';

export interface OpCase {
  readonly name: string;
  readonly op: OpDefinition;
  readonly inputs: ReadonlyMap<string, Tensor>;
  /** How far the numbers of each input are apart. */
  readonly deviations: ReadonlyMap<string, number>;
  /** What engines may be off by, added to a share of the result. */
  readonly absolute: number;
  /** Outputs `y0`, `y1`, …: what the op gives. */
  readonly forward: Program;
  /** Outputs `loss` and one gradient for each float input that has a rule: `d0`, `d1`, …; missing where there is none. */
  readonly backward: Program | undefined;
}

const typeOf = (sample: SampleInput): TensorType =>
  'shape' in sample
    ? { dtype: 'dtype' in sample ? sample.dtype : 'float32', shape: sample.shape }
    : { dtype: 'float32', shape: sample };

function contentOf(sample: SampleInput, random: Random): Tensor {
  const { dtype, shape } = typeOf(sample);
  const values = 'shape' in sample ? sample.values : 'normal';
  const numbers = Array.from({ length: sizeOf(shape) }, () => {
    if (values === 'normal') return random.normal();
    if (values === 'rectified') return Math.max(random.normal(), 0);
    if (values === 'positive') return 0.5 + 1.5 * random.uniform();
    if ('mean' in values) return values.mean + values.deviation * random.normal();
    return random.integer(values.integersBelow);
  });
  if (dtype === 'int32') return tensor('int32', shape, Int32Array.from(numbers));
  if (dtype === 'bool' || dtype === 'uint8') return tensor(dtype, shape, Uint8Array.from(numbers));
  return tensor('float32', shape, Float32Array.from(numbers));
}

const deviationOf = (sample: SampleInput): number =>
  'shape' in sample && typeof sample.values === 'object' && 'deviation' in sample.values ? sample.values.deviation : 1;

function apply(op: OpDefinition, sample: OpDefinition['samples'][number]) {
  const graph = new Graph({ training: true });
  const inputs = sample.inputs.map((input, i) => graph.input(`x${i}`, typeOf(input)));
  return { graph, inputs, outputs: graph.apply(op, inputs, sample.attributes) };
}

/** Σ over all float outputs of output · a fixed random tensor, so that every element's gradient matters. */
function randomLoss(outputs: readonly Value[], random: Random): Value | undefined {
  let loss: Value | undefined;
  for (const output of outputs.filter(({ type }) => type.dtype === 'float32')) {
    const { shape } = output.type;
    const direction = tensor(
      'float32',
      shape,
      Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    );
    const part = sum(multiply(output, output.graph.constant(direction)));
    loss = loss ? addScalars(loss, part) : part;
  }
  return loss;
}

const addScalars = (a: Value, b: Value) => a.graph.apply(ops.add, [a, b])[0] as Value;

function backwardOf(op: OpDefinition, sample: OpDefinition['samples'][number], random: Random): Program | undefined {
  const { graph, inputs, outputs } = apply(op, sample);
  const rules = op.gradient as Record<string, unknown>;
  const wrt = inputs.flatMap((input, i) =>
    typeof rules[op.inputs[i] ?? op.inputs[0]] === 'function' && input.type.dtype === 'float32'
      ? [[i, input] as const]
      : [],
  );
  const loss = wrt.length > 0 ? randomLoss(outputs, random) : undefined;
  if (!loss) return undefined;
  const found = gradients(
    loss,
    wrt.map(([, input]) => input),
  );
  const named = found.map((gradient, k) => [`d${wrt[k]?.[0]}`, gradient] as const);
  return defineProgram({
    name: `${op.name} backward`,
    graph,
    outputs: new Map([['loss', loss], ...named]),
    updates: new Map(),
  });
}

/** Every op with every one of its samples. */
export function opCases(): OpCase[] {
  const all: OpDefinition[] = Object.values(ops);
  return all.flatMap((op) =>
    op.samples.map((sample, i): OpCase => {
      const random = new Random(`${op.name} ${i}`);
      const { graph, outputs } = apply(op, sample);
      const forward = new Map(outputs.map((output, k) => [`y${k}`, output] as const));
      return {
        name: `${op.name} sample ${i}`,
        op,
        inputs: new Map(sample.inputs.map((input, k) => [`x${k}`, contentOf(input, random)] as const)),
        deviations: new Map(sample.inputs.map((input, k) => [`x${k}`, deviationOf(input)] as const)),
        absolute: sample.absolute ?? 1e-5,
        forward: defineProgram({ name: op.name, graph, outputs: forward, updates: new Map() }),
        backward: backwardOf(op, sample, random),
      };
    }),
  );
}
