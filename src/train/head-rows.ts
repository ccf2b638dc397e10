/** A head that gives a class for each row of its entries, so that classes change places as rows do. */
import { evaluate } from '../engines/index.ts';
import {
  type Array64,
  defineProgram,
  graphFromJson,
  graphToJson,
  headOf,
  liveNodes,
  type Program,
  rebuild,
  type Value,
} from '../ir/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../tensor/index.ts';

/** Row i of what comes out is row `places[i]` of `content`; what has not as many rows stays as it is. */
export function withRows(content: Tensor, places: readonly number[]): Tensor {
  const { dtype, shape, data } = content;
  if (dtype !== 'float32' || shape[0] !== places.length) return content;
  const size = data.length / places.length;
  const moved = new Float32Array(data.length);
  for (const [row, from] of places.entries())
    moved.set((data as Float32Array).subarray(from * size, (from + 1) * size), row * size);
  return tensor('float32', shape, moved);
}

/**
 * Whether the logits change places as the rows of the head's entries do: tried with random numbers on the part of the network from what the
 * head reads to the logits. False where that part needs more than it reads.
 * @param prediction has a head
 */
export function classesAreRows(prediction: Program, classes: number): boolean {
  const single = graphFromJson(graphToJson(prediction), 1);
  const { entries, features, part } = partOfHead({ name: prediction.name, updates: new Map(), ...single });
  const leaves = new Set(liveNodes(part).flatMap(({ inputs }) => inputs));
  const random = new Random('head');
  const state = new Map<string, Tensor>();
  for (const { source, type } of leaves) {
    if (source.kind === 'input' && source.name !== given) return false;
    // above 0, so that no rectifier, root or variance hides a difference
    if (source.kind === 'state') state.set(source.name, randomTensor(type.shape, random));
  }
  const inputs = new Map([[given, widened(randomTensor(features.type.shape, random))]]);
  const logits = (places: readonly number[]): ArrayLike<number> => {
    const moved = [...state].map(([name, content]): [string, Array64] => [
      name,
      widened(entries.includes(name) ? withRows(content, places) : content),
    ]);
    return evaluate(part, inputs, new Map(moved)).outputs.get('logits')?.data ?? [];
  };
  const [same, next] = [0, 1].map((by) => Array.from({ length: classes }, (_, i) => (i + by) % classes)) as [
    number[],
    number[],
  ];
  const [before, after] = [logits(same), logits(next)];
  // logits that are all the same would prove nothing
  return (
    new Set(Array.from(before)).size === classes &&
    next.every((from, i) => Math.abs((after[i] as number) - (before[from] as number)) <= 1e-9)
  );
}

const given = 'features';

/** The head of `program`, and the program that gives the logits from what the head reads, which is its input. */
function partOfHead(program: Program) {
  const { entries, features } = headOf(defineProgram(program));
  const isInput = (value: Value) => value === features;
  const part = rebuild(program, {
    leaf: (graph, leaf) => (isInput(leaf) ? graph.input(given, features.type) : undefined),
    node: ({ op, attributes, outputs }, inputs) => {
      const graph = inputs[0]?.graph;
      if (!graph || !outputs.some(isInput)) return undefined;
      const same = graph.apply(op, inputs, attributes);
      return outputs.map((output, i) => (isInput(output) ? graph.input(given, features.type) : (same[i] as Value)));
    },
  });
  return { entries, features, part };
}

const randomTensor = (shape: readonly number[], random: Random): Tensor =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => 0.1 + random.uniform()),
  );

const widened = ({ shape, data }: Tensor): Array64 => ({ shape, data: Float64Array.from(data as Float32Array) });
