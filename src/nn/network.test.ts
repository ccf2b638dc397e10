import { describe, expect, it, test } from 'vitest';
import { gradients } from '../autodiff/index.ts';
import { evaluator } from '../engines/evaluator/engine.ts';
import { add, defineProgram, Graph, initialState, relu, scope } from '../ir/index.ts';
import { sgd } from '../optimisers/index.ts';
import { ConfigError, Random, type Tensor, tensor } from '../tensor/index.ts';
import {
  batchNorm,
  buildNetwork,
  conv,
  defineNetwork,
  globalAveragePool,
  linear,
  softmaxCrossEntropy,
} from './index.ts';

const image = { channels: 1, height: 4, width: 4 };

/** Two residual blocks of four channels. */
const tiny = defineNetwork('tiny', (image, { classes }) => {
  let x = relu(batchNorm(conv(image, 4, { kernel: 3 })));
  for (let i = 1; i <= 2; i++) x = scope(`block${i}`, () => relu(add(x, batchNorm(conv(x, 4, { kernel: 3 })))));
  return linear(globalAveragePool(x), classes);
});

describe('buildNetwork', () => {
  it('names the network whose own function fails, and leaves what Skein says of it as it is', () => {
    const failing = (fails: () => never) =>
      buildNetwork(defineNetwork('mine', fails), { batch: 2, image, classes: 3, training: true });
    expect(() => failing(() => (undefined as unknown as { x: never }).x)).toThrow(
      /^mine: build\(\) fails: TypeError: Cannot read prop/,
    );
    const refused = new ConfigError('conv: no such kernel', 'give 3');
    expect(() =>
      failing(() => {
        throw refused;
      }),
    ).toThrow(refused);
  });

  it('feeds an image and returns logits, outside of every open scope', () => {
    const build = () => buildNetwork(tiny, { batch: 2, image, classes: 3, training: true });
    const { graph, image: input, logits } = scope('elsewhere', build);
    expect(input).toBe(graph.inputs.get('image'));
    expect(input.type).toEqual({ dtype: 'float32', shape: [2, 1, 4, 4] });
    expect(logits.type.shape).toEqual([2, 3]);
    expect([...graph.state.keys()].filter((name) => name.endsWith('.weight'))).toEqual([
      'conv1.weight',
      'norm1.weight',
      'block1.conv1.weight',
      'block1.norm1.weight',
      'block2.conv1.weight',
      'block2.norm1.weight',
      'linear1.weight',
    ]);
  });

  it("takes the network's own sizes where none are given", () => {
    const sized = defineNetwork('sized', tiny.build, { image, classes: 5, options: { blocks: 2 } });
    expect(sized).toMatchObject({ name: 'sized', image, classes: 5, options: { blocks: 2 } });
    expect(buildNetwork(sized, { batch: 3, training: false }).logits.type.shape).toEqual([3, 5]);
    expect(() => buildNetwork(tiny, { batch: 3, training: false })).toThrow('tiny: it has no default image size');
    expect(() => buildNetwork(tiny, { batch: 3, image, training: false })).toThrow('no default number of classes');
  });

  it('names the network whose logits have the wrong shape', () => {
    const wrong = defineNetwork('wrong', (x) => linear(globalAveragePool(x), 7));
    expect(() => buildNetwork(wrong, { batch: 2, image, classes: 3, training: false })).toThrow(
      'wrong: build() must return logits of float32 [2, 3], but got float32 [2, 7]',
    );
    const foreign = defineNetwork('foreign', () => new Graph({ training: false }).constant(0, [2, 3]));
    expect(() => buildNetwork(foreign, { batch: 2, image, classes: 3, training: false })).toThrow(
      'foreign: build() must return a value made from its image',
    );
  });

  it('refuses sizes that are none', () => {
    expect(() => buildNetwork(tiny, { batch: 0, image, classes: 3, training: false })).toThrow(
      'tiny: `batch` must be a whole number of at least 1, but is 0',
    );
  });
});

test('a few steps of training bring the loss down', async () => {
  const { graph, logits } = buildNetwork(tiny, { batch: 6, image, classes: 3, training: true });
  const labels = graph.input('labels', { dtype: 'int32', shape: [6] });
  const lr = graph.input('lr', { dtype: 'float32', shape: [] });
  const loss = softmaxCrossEntropy(logits, labels);
  const parameters = [...graph.state].filter(
    ([, { source }]) => source.kind === 'state' && source.role === 'parameter',
  );
  const optimiser = sgd({ nesterov: true });
  const values = parameters.map(([, value]) => value);
  const found = gradients(loss, values);
  optimiser.update(
    parameters.map(([name, value], i) => ({ name, value, gradient: found[i]! })),
    lr,
  );

  const step = defineProgram({ name: 'step', graph, outputs: new Map([['loss', loss]]), updates: graph.updates });
  const executable = await evaluator.compile({ step });
  await executable.load(initialState(graph, 1));
  const random = new Random(2);
  const batch = new Map<string, Tensor>([
    [
      'image',
      tensor(
        'float32',
        [6, 1, 4, 4],
        Float32Array.from({ length: 96 }, () => random.normal()),
      ),
    ],
    ['labels', tensor('int32', [6], Int32Array.from([0, 1, 2, 0, 1, 2]))],
    ['lr', tensor('float32', [], Float32Array.from([0.1]))],
  ]);
  const losses: number[] = [];
  for (let i = 0; i < 4; i++) losses.push(Number((await executable.run('step', batch)).get('loss')?.data[0]));
  expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  expect(losses[3]).toBeLessThan(0.9 * losses[0]!);
  const mean = (await executable.read(['block1.norm1.mean'])).get('block1.norm1.mean')?.data;
  expect(mean).not.toEqual(new Float32Array(4));
});
