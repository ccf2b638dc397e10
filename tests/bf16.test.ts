/** Training and prediction in bfloat16: near the truth, and with weights that are never rounded. */

import { describe, expect, it } from 'vitest';
import { gradients } from '../src/autodiff/index.ts';
import { evaluator, onednn } from '../src/engines/index.ts';
import {
  add,
  concat,
  conv2d,
  defineProgram,
  freeze,
  Graph,
  initialState,
  multiply,
  relu,
  slice,
  sum,
  type Value,
} from '../src/ir/index.ts';
import { densenet, resnet } from '../src/models/index.ts';
import { averagePool, batchNorm, maxPool, type Network } from '../src/nn/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { predictionProgram, stepProgram } from '../src/step/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../src/tensor/index.ts';
import { oneDnnHere } from './onednn-here.ts';

const hasBfloat16 = oneDnnHere?.bfloat16 === true;
if (!hasBfloat16)
  console.warn('tests of bfloat16 are skipped: there is no oneDNN here, or the processor has no bfloat16');

const random = new Random('bf16');
const draw = (shape: readonly number[]): Tensor =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
  );

/** ‖given − expected‖ / ‖expected‖ */
function distance(given: Tensor | undefined, expected: Tensor | undefined): number {
  const [a, b] = [given?.data as Float32Array, expected?.data as Float32Array];
  expect(a.length).toBe(b.length);
  return Math.sqrt(b.reduce((s, v, i) => s + (v - (a[i] as number)) ** 2, 0) / b.reduce((s, v) => s + v * v, 0));
}

/** Whether every number has only the eight leading digits that bfloat16 has. */
const isRounded = ({ data }: Tensor) =>
  new Uint32Array((data as Float32Array).slice().buffer).every((bits) => (bits & 0xffff) === 0);

const channels = (x: Value, from: number, to: number) => slice(x, { axes: [1], starts: [from], stops: [to] });

const maps: Readonly<Record<string, (x: Value) => Value>> = {
  nothing: (x) => x,
  'batch norm': (x) => batchNorm(x),
  'batch norm and rectifier': (x) => relu(batchNorm(x)),
  rectifier: relu,
  'sum of two': (x) => add(relu(x), batchNorm(x)),
  'largest of a window': (x) => maxPool(x, { kernel: 2 }),
  'mean of a window': (x) => averagePool(x, { kernel: 2 }),
  concatenation: (x) => concat([x, relu(x)]),
  'part of the channels': (x) => concat([channels(x, 16, 32), channels(relu(x), 0, 16)]),
  'odd part of the channels': (x) => add(channels(x, 3, 10), channels(x, 4, 11)),
};

describe.skipIf(!hasBfloat16)('bfloat16', () => {
  it.each(Object.entries(maps))(
    'follows a convolution as the evaluator does, with its gradients: %s',
    async (_, op) => {
      const graph = new Graph({ training: true });
      const x = graph.input('x', { dtype: 'float32', shape: [4, 16, 8, 8] });
      const weight = graph.input('weight', { dtype: 'float32', shape: [32, 16, 3, 3] });
      const y = op(conv2d(x, weight, { padding: [1, 1] }));
      const direction = graph.constant(draw(y.type.shape) as Tensor<'float32'>);
      const [dx, dweight] = gradients(sum(multiply(y, direction)), [x, weight]) as [Value, Value];
      const outputs = new Map([
        ['y', y],
        ['dx', dx],
        ['dweight', dweight],
      ]);
      const program = defineProgram({ name: 'map', graph, outputs, updates: new Map() });
      const inputs = new Map([
        ['x', draw(x.type.shape)],
        ['weight', draw(weight.type.shape)],
      ]);
      const state = initialState(graph, 1);
      const [truth, engine] = [
        await evaluator.compile({ program }),
        await onednn.compile({ program }, { precision: 'bf16' }),
      ];
      try {
        await truth.load(state);
        await engine.load(state);
        const [expected, given] = [await truth.run('program', inputs), await engine.run('program', inputs)];
        expect(distance(given.get('y'), expected.get('y'))).toBeLessThan(0.01);
        // a rectifier or a window may choose another pixel where two are nearly the same
        for (const name of ['dx', 'dweight']) expect(distance(given.get(name), expected.get(name))).toBeLessThan(0.1);
        expect(isRounded(given.get('dx') as Tensor)).toBe(true);
        expect(isRounded(given.get('dweight') as Tensor)).toBe(false);
      } finally {
        await engine.dispose();
        await truth.dispose();
      }
    },
  );

  it.each<[string, Network]>([
    ['a residual network', resnet({ depth: 8 })],
    ['a densely connected network', densenet({ depth: 10, growth: 16, compression: 0.5 })],
    ['a densely connected network of odd widths', densenet({ depth: 7, growth: 5 })],
  ])('trains %s as float32 does, twice to the same bytes, and leaves float32 weights', async (_, network) => {
    const sizes = { network, image: { channels: 3, height: 16, width: 16 }, classes: 5, batchSize: 16 };
    const step = stepProgram({ ...sizes, optimiser: sgd({ nesterov: true }) });
    const predict = predictionProgram(sizes);
    const state = initialState(step.graph, 3);
    const batch = new Map<string, Tensor>([
      ['image', draw([16, 3, 16, 16])],
      [
        'labels',
        tensor(
          'int32',
          [16],
          Int32Array.from({ length: 16 }, (_, i) => i % 5),
        ),
      ],
      ['weights', tensor('float32', [16], new Float32Array(16).fill(1))],
      ['lr', tensor('float32', [], Float32Array.of(0.05))],
    ]);
    const image = new Map([['image', batch.get('image') as Tensor]]);
    const compiled = (precision: 'float32' | 'bf16') => onednn.compile({ step, predict }, { precision, threads: 1 });
    const [float32, bf16] = [await compiled('float32'), await compiled('bf16')];
    const losses = async (executable: typeof float32) => {
      await executable.load(state);
      const all: number[] = [];
      for (let at = 0; at < 8; at++) all.push((await executable.run('step', batch)).get('loss')?.data[0] as number);
      return all;
    };
    try {
      expect((await bf16.plan()).precision).toBe('bf16');
      const [expected, given] = [await losses(float32), await losses(bf16)];
      expect(given.at(-1)).toBeLessThan(0.95 * (given[0] as number));
      expect(given).not.toEqual(expected);
      expect(given).toBeClose(expected, { relative: 0.05, absolute: 0.02 });
      const after = await bf16.read();
      const weights = [...after].filter(([, { shape }]) => shape.length === 4);
      expect(weights.filter(([, weight]) => isRounded(weight))).toEqual([]);
      expect(await losses(bf16)).toEqual(given);
      expect(await bf16.read()).toEqual(after);

      const logits = (await bf16.run('predict', image)).get('logits');
      await float32.load(after);
      expect(distance(logits, (await float32.run('predict', image)).get('logits'))).toBeLessThan(0.05);
      const frozen = await onednn.compile({ predict: freeze(predict, after) }, { precision: 'bf16', threads: 1 });
      expect(distance((await frozen.run('predict', image)).get('logits'), logits)).toBeLessThan(0.05);
      await frozen.dispose();
    } finally {
      await bf16.dispose();
      await float32.dispose();
    }
  });

  it('keeps weights as they were loaded', async () => {
    const sizes = { network: resnet({ depth: 8 }), image: { channels: 3, height: 16, width: 16 }, classes: 5 };
    const predict = predictionProgram({ ...sizes, batchSize: 2 });
    const state = initialState(predict.graph, 5);
    const executable = await onednn.compile({ predict }, { precision: 'bf16' });
    try {
      await executable.load(state);
      await executable.run('predict', new Map([['image', draw([2, 3, 16, 16])]]));
      expect(await executable.read()).toEqual(state);
    } finally {
      await executable.dispose();
    }
  });
});
