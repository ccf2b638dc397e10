import { describe, expect, it, test } from 'vitest';
import { evaluate } from '../engines/evaluator/evaluate.ts';
import {
  type Array64,
  add,
  batchStatistics,
  type ConvAttributes,
  conv2d,
  defineProgram,
  Graph,
  greater,
  multiply,
  normalise,
  relu,
  select,
  sum,
  type Value,
} from '../ir/index.ts';
import { ConfigError, Random, sizeOf } from '../tensor/index.ts';
import { gradients } from './index.ts';

const float = (...shape: number[]) => ({ dtype: 'float32' as const, shape });
const array = (shape: readonly number[], data: readonly number[]): Array64 => ({
  shape,
  data: Float64Array.from(data),
});
const newGraph = () => new Graph({ training: true });

/** The numbers of some values of one graph. */
function numbers(values: readonly Value[], inputs: Record<string, Array64>): Float64Array[] {
  const outputs = new Map(values.map((value, i) => [String(i), value]));
  const { graph } = values[0] as Value;
  const program = defineProgram({ name: 'test', graph, outputs, updates: new Map() });
  const results = evaluate(program, new Map(Object.entries(inputs)), new Map()).outputs;
  return values.map((_, i) => results.get(String(i))?.data as Float64Array);
}

describe('gradients', () => {
  it('add up over every way from a value to the loss', () => {
    const x = newGraph().input('x', float(3));
    // Σ x² + 3x + relu(x)
    const loss = sum(add(add(multiply(x, x), multiply(x, 3)), relu(x)));
    const [dx] = numbers(gradients(loss, [x]), { x: array([3], [1, -2, 5]) });
    expect(dx).toEqual(Float64Array.of(2 + 3 + 1, -4 + 3, 10 + 3 + 1));
  });

  it('by a value on the way count only what follows it', () => {
    const x = newGraph().input('x', float(2));
    const y = multiply(x, 10);
    const [dy, dx] = numbers(gradients(sum(multiply(y, y)), [y, x]), { x: array([2], [1, 2]) });
    expect(dy).toEqual(Float64Array.of(20, 40));
    expect(dx).toEqual(Float64Array.of(200, 400));
  });

  it('sum over what broadcasting repeated, whichever axes it was', () => {
    const graph = newGraph();
    const a = graph.input('a', float(2, 3));
    const parts = [float(3), float(2, 1), float(1, 3), float(1), float()].map((type, i) => graph.input(`b${i}`, type));
    const loss = parts.map((b) => sum(multiply(a, b))).reduce((total, part) => add(total, part));
    const found = gradients(loss, parts);
    expect(found.map(({ type }) => type.shape)).toEqual(parts.map(({ type }) => type.shape));
    const inputs: Record<string, Array64> = { a: array([2, 3], [1, 2, 3, 4, 5, 6]) };
    parts.forEach(({ type: { shape } }, i) => {
      inputs[`b${i}`] = { shape, data: new Float64Array(sizeOf(shape)).fill(1) };
    });
    expect(numbers(found, inputs).map((data) => Array.from(data))).toEqual([[5, 7, 9], [6, 15], [5, 7, 9], [21], [21]]);
  });

  it('are zeros where the loss does not depend on a value, or not smoothly', () => {
    const graph = newGraph();
    const [x, y] = [graph.input('x', float(2)), graph.input('y', float(2, 3))];
    const condition = greater(x, 1);
    const found = gradients(sum(select(condition, 5, 7)), [x, y]);
    expect(found.map(({ type }) => type.shape)).toEqual([[2], [2, 3]]);
    const [dx, dy] = numbers(found, { x: array([2], [0, 2]), y: array([2, 3], [1, 2, 3, 4, 5, 6]) });
    expect(dx).toEqual(new Float64Array(2));
    expect(dy).toEqual(new Float64Array(6));
  });

  it('of a value by itself are one', () => {
    const x = newGraph().input('x', float());
    expect(numbers(gradients(x, [x]), { x: array([], [3]) })).toEqual([Float64Array.of(1)]);
  });

  it('build nothing for values that were not asked for', () => {
    const nodesFor = (asked: readonly ('a' | 'b')[]) => {
      const graph = newGraph();
      const values = { a: graph.input('a', float(1, 2, 4, 4)), b: graph.input('b', float(3, 2, 3, 3)) };
      const loss = sum(relu(conv2d(values.a, values.b)));
      gradients(
        loss,
        asked.map((name) => values[name]),
      );
      return graph.nodes.map((node) => node.op.name);
    };
    expect(nodesFor(['b'])).not.toContain('conv2dInputGradient');
    expect(nodesFor(['a'])).not.toContain('conv2dWeightGradient');
    expect(nodesFor(['a', 'b'])).toEqual(expect.arrayContaining(['conv2dInputGradient', 'conv2dWeightGradient']));
  });

  it('want a scalar', () => {
    const x = newGraph().input('x', float(2, 3));
    const message = 'gradients: expected `loss` to be a scalar, but its shape is [2, 3]';
    expect(() => gradients(relu(x), [x])).toThrow(new ConfigError(message, 'reduce it with mean() or sum()'));
  });

  it('name the op that has none', () => {
    const x = newGraph().input('x', float(2, 3, 4, 4));
    const { mean, variance } = batchStatistics(x);
    const ones = x.graph.constant(1, [3]);
    const loss = sum(normalise(x, mean, variance, ones, ones, 1e-5));
    const [dx] = gradients(loss, [x]) as [Value];
    expect(() => gradients(sum(multiply(dx, dx)), [x])).toThrow(
      new ConfigError('gradients: normaliseSums cannot be differentiated by its input 0'),
    );
  });
});

describe.each<[string, number[], number[], Partial<ConvAttributes>]>([
  ['a 3×3 convolution', [2, 3, 5, 5], [4, 3, 3, 3], { padding: [1, 1] }],
  ['a strided one in two groups', [2, 4, 6, 7], [6, 2, 3, 2], { stride: [2, 2], padding: [1, 1], groups: 2 }],
  ['a dilated one', [1, 2, 7, 7], [3, 2, 3, 3], { dilation: [2, 2], padding: [2, 2] }],
])('the second derivative of %s', (_, xShape, weightShape, attributes) => {
  it('along a random direction is what central differences of the first one show', () => {
    const graph = newGraph();
    const inputs = ['x', 'weight', 'u', 'v'] as const;
    const shapes = { x: xShape, weight: weightShape, u: xShape, v: weightShape };
    const [x, weight, u, v] = inputs.map((name) => graph.input(name, float(...shapes[name]))) as Four;
    const y = conv2d(x, weight, attributes);
    const first = gradients(sum(multiply(y, y)), [x, weight]) as Two;
    const along = add(sum(multiply(first[0], u)), sum(multiply(first[1], v)));
    const second = gradients(along, [x, weight]);

    const random = new Random('second derivative');
    const draw = (shape: readonly number[]) =>
      array(
        shape,
        Array.from({ length: sizeOf(shape) }, () => random.normal()),
      );
    const at = { x: draw(xShape), weight: draw(weightShape), u: draw(xShape), v: draw(weightShape) };
    const claimed = numbers(second, at);
    const firstAt = (step: number) =>
      numbers(first, { ...at, x: moved(at.x, at.u, step), weight: moved(at.weight, at.v, step) });
    // along a line Σ y² is of degree 4, for whose derivative the fourth-order difference is exact at any step
    const [far, near] = [2, 1].map((step) => [firstAt(step), firstAt(-step)]) as [Slopes, Slopes];
    claimed.forEach((data, i) => {
      const difference = ([above, below]: Slopes, k: number) => (above[i]?.[k] as number) - (below[i]?.[k] as number);
      const shown = data.map((_, k) => (8 * difference(near, k) - difference(far, k)) / 12);
      expect(data).toBeClose(shown, { relative: 1e-10, absolute: 1e-9 });
    });
  });
});

type Two = [Value, Value];
type Slopes = [above: Float64Array[], below: Float64Array[]];
type Four = [Value, Value, Value, Value];

const moved = ({ shape, data }: Array64, along: Array64, step: number): Array64 => ({
  shape,
  data: data.map((value, i) => value + step * (along.data[i] as number)),
});

test('broadcasting is undone along the way too, where a repeated value is itself computed', () => {
  const graph = newGraph();
  const [x, bias] = [graph.input('x', float(2, 3)), graph.input('bias', float(3))];
  const loss = sum(multiply(add(x, multiply(bias, 2)), x));
  const [dbias] = numbers(gradients(loss, [bias]), {
    x: array([2, 3], [1, 2, 3, 4, 5, 6]),
    bias: array([3], [0, 0, 0]),
  });
  expect(dbias).toEqual(Float64Array.of(10, 14, 18));
});
