import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallCheckpoint, smallImage } from '../../tests/small-checkpoint.ts';
import { type Engine, evaluate, evaluator } from '../engines/index.ts';
import { flatten, freeze, relu } from '../ir/index.ts';
import { conv, defineNetwork, linear } from '../nn/index.ts';
import { Random, type Tensor, tensor } from '../tensor/index.ts';
import { wholeProgramOf } from '../trained/index.ts';
import { ExplainedNetwork } from './explained-network.ts';
import { chosenClass, explainedLayer, imageGradientProgram, layerGradientProgram } from './gradient-program.ts';
import { readImage } from './images.ts';
import type { Asks } from './methods/method.ts';

const checkpoint = smallCheckpoint();
const label = 2;
const exact = ({ shape, data }: Tensor) => ({ shape, data: Float64Array.from(data as Float32Array) });
const state = new Map([...checkpoint.tensors].map(([name, content]) => [name, exact(content)]));
let network: ExplainedNetwork;
let image: Float32Array;
beforeAll(async () => {
  const asks = new Set<Asks>(['atLayer', 'imageGradients']);
  network = await ExplainedNetwork.compile(checkpoint, { path: 'small', engine: evaluator, batchSize: 3, asks });
  image = (await readImage(smallImage('first'), 0, checkpoint.preprocessing)).pixels;
});
afterAll(() => network.dispose());

it('gives the gradient of the logit by the image: that of central differences, along random directions', async () => {
  const gradient = await network.imageGradients(image, label);
  const program = wholeProgramOf('small', checkpoint, 1);
  const random = new Random('directions');
  for (let trial = 0; trial < 3; trial++) {
    const direction = Float64Array.from(image, () => random.normal());
    const step = 1e-6;
    const logitAt = (along: number) => {
      const data = Float64Array.from(image, (value, i) => value + along * (direction[i] as number));
      const { outputs } = evaluate(program, new Map([['image', { shape: [1, 3, 16, 16], data }]]), state);
      return outputs.get('logits')?.data[label] as number;
    };
    const difference = (logitAt(step) - logitAt(-step)) / (2 * step);
    const slope = gradient.reduce((sum, value, i) => sum + value * (direction[i] as number), 0);
    expect(slope).toBeClose(difference, { relative: 1e-4, absolute: 1e-6 });
  }
});

it('gives the last map and the gradient by it, with which a head that averages and weighs adds up to its logit', async () => {
  const { activations, gradients, channels, height, width } = await network.atLayer(image, label);
  expect([network.layer, channels, height, width]).toEqual(['stage2', 8, 8, 8]);
  const weight = checkpoint.tensors.get('classifier.weight')?.data as Float32Array;
  expect(gradients).toBeClose(
    Float32Array.from(gradients, (_, i) => (weight[label * 8 + Math.floor(i / 64)] as number) / 64),
  );
  const bias = checkpoint.tensors.get('classifier.bias')?.data[label] as number;
  const sum = activations.reduce((total, value, i) => total + value * (gradients[i] as number), 0);
  expect(sum + bias).toBeClose((await network.logits(image))[label] as number, { relative: 1e-4 });
});

it('asks many images in batches, the last of them filled up, and gets what each alone gives', async () => {
  const images = new Float32Array(4 * image.length);
  for (let row = 0; row < 4; row++)
    images.set(
      image.map((value) => value * (1 - row / 4)),
      row * image.length,
    );
  const [logits, gradients] = [await network.logits(images), await network.imageGradients(images, label)];
  for (let row = 0; row < 4; row++) {
    const own = images.subarray(row * image.length, (row + 1) * image.length);
    expect(logits.subarray(row * 4, row * 4 + 4)).toBeClose(await network.logits(own));
    expect(gradients.subarray(row * image.length, (row + 1) * image.length)).toBeClose(
      await network.imageGradients(own, label),
    );
  }
});

it.each([
  ['a layer', (path: string) => layerGradientProgram(wholeProgramOf(path, checkpoint, 1), 'stage1')],
  ['the image', (path: string) => imageGradientProgram(wholeProgramOf(path, checkpoint, 1))],
])('has the same gradient at %s where weights are constants and batch norms are within convolutions', (_, made) => {
  const program = made('small');
  const frozen = freeze(program, checkpoint.tensors);
  const chosen = new Float32Array(4);
  chosen[label] = 1;
  const inputs = new Map([
    ['image', exact(tensor('float32', [1, 3, 16, 16], image))],
    [chosenClass, exact(tensor('float32', [1, 4], chosen))],
  ]);
  const { outputs: whole } = evaluate(program, inputs, state);
  const { outputs: folded } = evaluate(frozen, inputs, new Map());
  expect(frozen.graph.state.size).toBe(0);
  expect(whole.size).toBeGreaterThan(1);
  for (const [name, { data }] of whole)
    expect(folded.get(name)?.data as Float64Array).toBeClose(data, { relative: 1e-4, absolute: 1e-6 });
});

it('says which layer would do where one has no map', async () => {
  const compile = (layer: string) =>
    ExplainedNetwork.compile(checkpoint, {
      ...{ path: 'small', engine: evaluator, batchSize: 1, asks: new Set<Asks>(['atLayer']), layer },
    });
  await expect(compile('classifier')).rejects.toThrow(
    expect.objectContaining({
      message: 'two-stages: expected a layer with a map [N, C, H, W], but `classifier` gives [1, 4]',
      hint: 'take one before, such as stage2',
    }),
  );
  await expect(compile('stage9')).rejects.toThrow('no layer is called `stage9`');
});

it('refuses a layer whose map is a single pixel, which has no order', () => {
  const narrow = defineNetwork('narrow', (given, { classes }) => {
    const map = relu(conv(given, 4, { kernel: 3, stride: 2, name: 'first' }));
    return linear(flatten(conv(map, 4, { kernel: 8, padding: 0, name: 'last' })), classes);
  });
  const program = wholeProgramOf('narrow', smallCheckpoint(narrow), 1);
  expect(() => explainedLayer(program, 'last')).toThrow(
    'narrow: expected a layer with a map [N, C, H, W] of several pixels, but `last` gives [1, 4, 1, 1]',
  );
  expect(explainedLayer(program, 'first').path).toBe('first');
});

it('ends the engine where it does not take the weights', async () => {
  let ended = 0;
  const failing: Engine = {
    ...evaluator,
    compile: async (programs, options) => {
      const executable = await evaluator.compile(programs, options);
      const dispose = () => {
        ended++;
        return executable.dispose();
      };
      return { ...executable, load: () => Promise.reject(new Error('too little memory')), dispose };
    },
  };
  const options = { path: 'x', engine: failing, batchSize: 1, asks: new Set<Asks>() };
  await expect(ExplainedNetwork.compile(checkpoint, options)).rejects.toThrow('too little memory');
  expect(ended).toBe(1);
});

it('refuses outputs that are not finite where the weights are, but takes them of lost weights', async () => {
  const scaled = ({ shape, data }: Tensor) =>
    tensor('float32', shape, Float32Array.from(data as Float32Array).fill(3e38));
  const tensors = new Map(checkpoint.tensors);
  tensors.set('classifier.weight', scaled(tensors.get('classifier.weight') as Tensor));
  const options = { path: 'x', engine: evaluator, batchSize: 1, asks: new Set<Asks>() };
  const large = await ExplainedNetwork.compile({ ...checkpoint, tensors }, options);
  await expect(large.probabilities(image)).rejects.toThrow(
    'explain: expected finite outputs, but those of two-stages are NaN or infinite',
  );
  await large.load(new Map(large.trained));
  expect((await large.logits(image)).some(Number.isFinite)).toBe(false);
  await large.dispose();
});

it('refuses weights that are not finite', async () => {
  const tensors = new Map(checkpoint.tensors);
  tensors.set('classifier.bias', tensor('float32', [4], Float32Array.of(0, Number.NaN, 0, 0)));
  await expect(
    ExplainedNetwork.compile(
      { ...checkpoint, tensors },
      { path: 'x', engine: evaluator, batchSize: 1, asks: new Set() },
    ),
  ).rejects.toThrow('expected finite weights, but in `classifier.bias` of two-stages some are NaN or infinite');
});
