/** Whole training steps of every family: each engine against the evaluator. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Executable, evaluator, onnxruntime } from '../src/engines/index.ts';
import {
  flatten,
  freeze,
  graphFromJson,
  graphToJson,
  initialState,
  type Program,
  relu,
  scope,
} from '../src/ir/index.ts';
import { densenet, plain, preactResnet, resnet, vgg, wideResnet } from '../src/models/index.ts';
import { bottleneck } from '../src/models/residual-block.ts';
import { joins } from '../src/models/residual-shortcut.ts';
import { vggBody } from '../src/models/vgg.ts';
import {
  adaptiveAveragePool,
  batchNorm,
  conv,
  defineNetwork,
  dropout,
  globalAveragePool,
  linear,
  maxPool,
  type Network,
} from '../src/nn/index.ts';
import { crossEntropy } from '../src/objectives/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { parametersOf, predictionProgram, stepProgram } from '../src/step/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../src/tensor/index.ts';
import { enginesHere } from './engines-here.ts';

/** And the seed of the first state, where rounding takes a rectifier's or a maximum's other side with the usual one. */
const networks: [string, Network, seed?: number][] = [
  ['resnet with shortcut A', resnet({ depth: 8 })],
  ['resnet with shortcut B', resnet({ depth: 8, shortcut: 'B' })],
  ['plain', plain({ depth: 8 })],
  ['densenet', densenet({ depth: 10, growth: 4, compression: 0.7 })],
  ['densenet with dropout', densenet({ depth: 7, growth: 4, dropout: 0.3 })],
  ['densenet with bottlenecks', densenet({ depth: 16, growth: 4, bottleneck: true })],
  ['densenet with bottlenecks and dropout', densenet({ depth: 10, growth: 4, bottleneck: true, dropout: 0.2 })],
  ['pre-activation with stochastic depth', preactResnet({ depth: 11, stochasticDepth: 0.3 })],
  ['wide with dropout', wideResnet({ depth: 10, widen: 1, dropout: 0.3 })],
  ['conventional with batch norms', vgg({ depth: 11, width: 4 }), 17],
  ['conventional with biases, dropout and adaptive pooling', conventional()],
  ['squeeze and excitation, in groups, strides in the 1×1', squeezed()],
];

/** The blocks of the large networks, on maps that a test can afford. */
function squeezed(): Network {
  const options = { groups: 4, widthPerGroup: 8, strideIn: '1x1', zeroGamma: false, squeeze: 4 } as const;
  return defineNetwork('squeezed', (image, { classes: count }) => {
    let x = scope('stem', () => relu(batchNorm(conv(image, 16, { kernel: 3 }))));
    x = scope('block1', () => bottleneck(x, { width: 8, stride: 1, join: joins.B, drop: 0.2 }, options));
    x = scope('block2', () => bottleneck(x, { width: 16, stride: 2, join: joins.D, drop: 0 }, options));
    return linear(globalAveragePool(x), count);
  });
}

/** The large conventional network on a small map, which does not divide into what its linear layers read. */
function conventional(): Network {
  const options = { stages: [1, 2], width: 4, batchNorm: false, bias: true };
  return defineNetwork('conventional', (image, { classes: count }) => {
    const x = vggBody(image, options, (y) => maxPool(y, { kernel: 2 }));
    const wide = dropout(relu(linear(flatten(adaptiveAveragePool(x, 3)), 6)), 0.5);
    return linear(wide, count);
  });
}

const image = { channels: 3, height: 8, width: 8 };
const classes = 5;
const batchSize = 6;

const draw = (shape: readonly number[], next: () => number) =>
  tensor('float32', shape, Float32Array.from({ length: sizeOf(shape) }, next));

const imagesOf = (random: Random, batch = batchSize) => draw([batch, 3, 8, 8], () => random.normal());

/** A batch, one of whose images only fills it up, and a mask for every dropout. */
function stepInputs(program: Program, step: number): Map<string, Tensor> {
  const random = new Random('batch').fork(step);
  const inputs = new Map<string, Tensor>([
    ['image', imagesOf(random)],
    [
      'labels',
      tensor(
        'int32',
        [batchSize],
        Int32Array.from({ length: batchSize }, () => random.integer(classes)),
      ),
    ],
    [
      'weights',
      tensor(
        'float32',
        [batchSize],
        Float32Array.from({ length: batchSize }, (_, i) => (i < 5 ? 1 : 0)),
      ),
    ],
    ['lr', tensor('float32', [], Float32Array.of(0.05))],
  ]);
  for (const [name, { source, type }] of program.graph.inputs)
    if (source.kind === 'input' && source.provide)
      inputs.set(name, tensor('float32', type.shape, source.provide.fill({ step, lr: 0.05 }, type.shape, random)));
  return inputs;
}

/** Every tensor within 1e-4 of its own largest number, and each number within 1e-4 of itself beyond that. */
function expectAgreement(
  actual: ReadonlyMap<string, Tensor>,
  expected: ReadonlyMap<string, Tensor>,
  when: string,
): void {
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, wanted] of expected) {
    const largest = (wanted.data as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(actual.get(name), `${name} ${when}`).toBeClose(wanted, { relative: 1e-4, absolute: 1e-4 * largest + 1e-12 });
  }
}

const cases = enginesHere.flatMap((one) =>
  networks.map(([name, network, seed = 11]) => ({ name, network, seed, engine: one })),
);

describe.each(cases)('$engine.name: $name', ({ network, seed, engine: one }) => {
  const sizes = { network, image, classes, batchSize };
  const step = stepProgram({
    ...sizes,
    optimiser: sgd({ nesterov: true }),
    loss: crossEntropy({ labelSmoothing: 0.1 }),
  });
  const predict = predictionProgram(sizes);
  const state = initialState(step.graph, seed);
  let truth: Executable;
  let engine: Executable;
  beforeAll(async () => {
    truth = await evaluator.compile({ step, predict });
    engine = await one.compile({ step, predict }, { threads: 1 });
    await truth.load(state);
    await engine.load(state);
  });
  afterAll(() => engine.dispose());

  it('trains as the evaluator says: outputs and the whole state after each of three steps', async () => {
    for (let at = 1; at <= 3; at++) {
      const inputs = stepInputs(step, at);
      const [expected, actual] = [await truth.run('step', inputs), await engine.run('step', inputs)];
      expectAgreement(actual, expected, `of step ${at}`);
      expectAgreement(await engine.read(), await truth.read(), `after step ${at}`);
    }
    const after = await engine.read();
    expect([...after.keys()].sort()).toEqual([...state.keys()].sort());
    for (const [name, { data }] of after) expect(data, name).not.toEqual(state.get(name)?.data);
  });

  it('predicts with the running statistics that training left, the same on both', async () => {
    const inputs = new Map([['image', imagesOf(new Random('prediction'))]]);
    expectAgreement(await engine.run('predict', inputs), await truth.run('predict', inputs), 'of a prediction');
  });

  it('computes the same step, on ONNX Runtime to the bit, where the backward pass computes results again', async () => {
    const again = (recompute: 'dense' | 'cheap') =>
      stepProgram({
        ...sizes,
        optimiser: sgd({ nesterov: true }),
        loss: crossEntropy({ labelSmoothing: 0.1 }),
        recompute,
      });
    const programs = { step, dense: again('dense'), cheap: again('cheap') };
    const inputs = stepInputs(step, 4);
    const all = await one.compile(programs, { threads: 1 });
    const results: Map<string, Tensor>[][] = [];
    for (const [entry, { graph }] of Object.entries(programs)) {
      expect([...graph.state.keys()]).toEqual([...step.graph.state.keys()]);
      await all.load(state);
      results.push([await all.run(entry, inputs), await all.read()]);
    }
    await all.dispose();
    for (const [outputs, after] of results.slice(1)) {
      // an engine may do with one primitive what it does with two where results are computed again
      expectAgreement(outputs as Map<string, Tensor>, results[0]?.[0] as Map<string, Tensor>, 'of the step');
      expectAgreement(after as Map<string, Tensor>, results[0]?.[1] as Map<string, Tensor>, 'after the step');
      if (one === onnxruntime) expect([outputs, after]).toEqual(results[0]);
    }
  });

  it('predicts the same with its weights as constants', async () => {
    const weights = await truth.read([...predict.graph.state.keys()]);
    const inputs = new Map([['image', imagesOf(new Random('prediction'))]]);
    const frozen = await one.compile({ predict: freeze(predict, weights) }, { threads: 1 });
    expectAgreement(await frozen.run('predict', inputs), await truth.run('predict', inputs), 'of a frozen prediction');
    await frozen.dispose();
  });

  it('predicts the same from its graph as JSON, at another batch size', async () => {
    const few = 2;
    const { graph, outputs } = graphFromJson(graphToJson(predict), few);
    const fromJson = { name: 'from JSON', graph, outputs, updates: new Map() };
    const weights = await truth.read([...predict.graph.state.keys()]);
    const images = imagesOf(new Random('prediction'));
    const first = tensor('float32', [few, 3, 8, 8], (images.data as Float32Array).slice(0, few * 3 * 8 * 8));
    const wanted = (await truth.run('predict', new Map([['image', images]]))).get('logits')?.data as Float32Array;
    for (const other of [evaluator, one]) {
      const executable = await other.compile({ fromJson }, { threads: 1 });
      await executable.load(weights);
      const logits = (await executable.run('fromJson', new Map([['image', first]]))).get('logits');
      expect(logits).toBeClose(tensor('float32', [few, classes], wanted.slice(0, few * classes)), {
        relative: 1e-4,
        absolute: 1e-5,
      });
      await executable.dispose();
    }
  });
});

describe.each<[string, Network]>([
  ['resnet({ depth: 50 })', resnet({ depth: 50 })],
  ['densenet({ depth: 100, growth: 12, blocks: 9 })', densenet({ depth: 100, growth: 12, blocks: 9 })],
])('%s', (_, network) => {
  it.each(enginesHere)('trains a step on $name that changes every parameter', async (one) => {
    const size = { channels: 3, height: 16, width: 16 };
    // without weight decay only a gradient can change a parameter
    const options = { network, image: size, classes: 10, batchSize: 2, optimiser: sgd({ weightDecay: 0 }) };
    const step = stepProgram(options);
    const state = initialState(step.graph, 1);
    const executable = await one.compile({ step }, { threads: 1 });
    try {
      await executable.load(state);
      const random = new Random('one step');
      const inputs = new Map<string, Tensor>([
        ['image', draw([2, 3, 16, 16], () => random.normal())],
        ['labels', tensor('int32', [2], Int32Array.of(3, 7))],
        ['weights', tensor('float32', [2], Float32Array.of(1, 1))],
        ['lr', tensor('float32', [], Float32Array.of(0.1))],
      ]);
      const outputs = await executable.run('step', inputs);
      expect(Number(outputs.get('loss')?.data[0])).toBeGreaterThan(0);
      const after = await executable.read();
      const names = parametersOf(step).map(([name]) => name);
      const isSame = (name: string) => {
        const [before, now] = [state, after].map((tensors) => tensors.get(name)?.data) as [Float32Array, Float32Array];
        return now.every((value, i) => value === before[i]);
      };
      expect(names.filter(isSame)).toEqual([]);
      for (const { data } of after.values()) expect((data as Float32Array).every(Number.isFinite)).toBe(true);
    } finally {
      await executable.dispose();
    }
  });
});
