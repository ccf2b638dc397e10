import { expect, test } from 'vitest';
import { evaluator } from '../../engines/index.ts';
import { flatten, initialState } from '../../ir/index.ts';
import { crossEntropy } from '../../metrics/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear } from '../../nn/index.ts';
import { predictionProgram } from '../../step/index.ts';
import { Random, type Tensor, tensor } from '../../tensor/index.ts';
import { type Direction, directionTo, filterDirection, moved, type State } from './filter-directions.ts';
import { withLossAt } from './loss-at.ts';

const random = new Random('landscape test');
const image = { channels: 2, height: 3, width: 3 };
const [count, classes] = [6, 3];
const images = Float32Array.from({ length: count * 18 }, () => random.normal());

const linearNetwork = defineNetwork('linear', (x, { classes: outputs }) =>
  linear(flatten(x), outputs, { name: 'classifier' }),
);
const normedNetwork = defineNetwork('normed', (x, { classes: outputs }) =>
  linear(globalAveragePool(batchNorm(conv(x, 4, { kernel: 3 }))), outputs, { name: 'classifier' }),
);

test('a filter of the direction has the norm of the network’s own, and what is no filter stays', () => {
  const program = predictionProgram({ network: normedNetwork, image, classes, batchSize: count });
  const state = initialState(program.graph, 1);
  const direction = filterDirection(program, state, new Random('d'));
  expect([...direction.keys()]).toEqual(['conv1.weight', 'classifier.weight']);
  const filter = (data: Float32Array, at: number) => Math.hypot(...data.subarray(at * 18, at * 18 + 18));
  const weight = state.get('conv1.weight')?.data as Float32Array;
  for (let at = 0; at < 4; at++)
    expect(filter(direction.get('conv1.weight') as Float32Array, at)).toBeCloseTo(filter(weight, at), 5);
});

test('a linear network with squared error has the plane of its closed form', async () => {
  const program = predictionProgram({ network: linearNetwork, image, classes, batchSize: count });
  const state = initialState(program.graph, 2);
  const [first, second] = ['a', 'b'].map((name) => filterDirection(program, state, new Random(name))) as [
    Direction,
    Direction,
  ];
  const targets = Float32Array.from({ length: count * classes }, () => random.normal());
  const squared = (logits: Float32Array) =>
    logits.reduce((sum, y, i) => sum + (y - (targets[i] as number)) ** 2, 0) / 2;
  const answers = (weight: Float32Array) =>
    Array.from({ length: count * classes }, (_, at) => {
      const [row, output] = [Math.floor(at / classes), at % classes];
      let sum = 0;
      for (let i = 0; i < 18; i++) sum += (images[row * 18 + i] as number) * (weight[output * 18 + i] as number);
      return sum;
    });
  // ½ ‖r + α u + β v‖² with r = X w − t, u = X d, v = X e
  const name = 'classifier.weight';
  const r = answers(state.get(name)?.data as Float32Array).map((y, i) => y - (targets[i] as number));
  const [u, v] = [answers(first.get(name) as Float32Array), answers(second.get(name) as Float32Array)];
  const closed = (a: number, b: number) =>
    r.reduce((sum, value, i) => sum + (value + a * (u[i] as number) + b * (v[i] as number)) ** 2, 0) / 2;
  await withLossAt({ engine: evaluator, threads: 1, program, images, lossOf: squared }, async (lossAt) => {
    for (const [a, b] of [
      [0, 0],
      [0.5, -1],
      [1, 1],
      [-0.3, 0.7],
    ] as const)
      expect(await lossAt(moved(state, [a, first], [b, second]))).toBeCloseTo(closed(a, b), 4);
  });
});

test('the plane stays where a filter before a batch norm is scaled, but not without filter normalisation', async () => {
  const program = predictionProgram({ network: normedNetwork, image, classes, batchSize: count });
  const start = initialState(program.graph, 3);
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const lossOf = (logits: Float32Array) => crossEntropy(logits, labels, classes).mean;
  const scaled = times(start, 10);
  const unscaled = filterDirection(program, start, new Random('d'));
  await withLossAt({ engine: evaluator, threads: 1, program, images, lossOf }, async (lossAt) => {
    const at = async (state: State, direction: Direction) => [
      await lossAt(moved(state, [-1, direction])),
      await lossAt(moved(state, [0.5, direction])),
    ];
    const before = await at(start, unscaled);
    const after = await at(scaled, filterDirection(program, scaled, new Random('d')));
    const plain = await at(scaled, unscaled);
    before.forEach((loss, i) => {
      expect(after[i]).toBeCloseTo(loss as number, 4);
    });
    expect(Math.abs((plain[0] as number) - (before[0] as number))).toBeGreaterThan(1e-3);
  });
});

/** The same network with a larger convolution, and statistics to match. */
function times(state: State, factor: number): State {
  const by: Readonly<Record<string, number>> = { 'conv1.weight': factor, mean: factor, variance: factor ** 2 };
  return new Map(
    [...state].map(([name, { shape, data }]): [string, Tensor] => {
      const word = name.split('.').at(-1) ?? '';
      const scale = by[name] ?? (word.includes('mean') ? by.mean : word.includes('variance') ? by.variance : 1);
      return [
        name,
        tensor(
          'float32',
          shape,
          Float32Array.from(data as Float32Array, (value) => value * (scale as number)),
        ),
      ];
    }),
  );
}

test('the direction from a state to another ends there', () => {
  const [from, to] = [3, 5].map(
    (value) => new Map([['w', tensor('float32', [2], Float32Array.of(value, -value))]]),
  ) as [State, State];
  expect(moved(from, [1, directionTo(from, to)]).get('w')?.data).toEqual(to.get('w')?.data);
  expect(moved(from, [0.5, directionTo(from, to)]).get('w')?.data).toEqual(Float32Array.of(4, -4));
});
