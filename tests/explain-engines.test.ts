/** Maps and gradients of every family: each engine against the evaluator, which computes in float64. */
import { describe, expect, it } from 'vitest';
import { evaluator } from '../src/engines/index.ts';
import { ExplainedNetwork } from '../src/explain/explained-network.ts';
import { readImage } from '../src/explain/images.ts';
import type { Asks } from '../src/explain/methods/method.ts';
import { add, flatten, multiply, relu, scope, sigmoid } from '../src/ir/index.ts';
import { densenet, preactResnet, resnet, vgg } from '../src/models/index.ts';
import { conv, defineNetwork, globalAveragePool, linear, maxPool, type Network } from '../src/nn/index.ts';
import { enginesHere } from './engines-here.ts';
import { smallCheckpoint, smallImage } from './small-checkpoint.ts';

/** A user's network: gates, biases, a pooling that overlaps, and a head of two layers on a flattened map. */
const own = defineNetwork('own', (image, { classes }) => {
  let x = relu(conv(image, 8, { kernel: 3, bias: true }));
  x = maxPool(x, { kernel: 3, stride: 2, padding: 1 });
  x = scope('gated', () => {
    const y = conv(x, 8, { kernel: 3, bias: true });
    return add(x, multiply(y, sigmoid(conv(y, 8, { kernel: 1, bias: true }))));
  });
  return linear(relu(linear(flatten(x), 12)), classes, { name: 'head' });
});

/** A head that is a convolution: its map is that of the classes. */
const convolutional = defineNetwork('convolutional', (image, { classes }) =>
  globalAveragePool(conv(relu(conv(image, 6, { kernel: 3 })), classes, { kernel: 1, name: 'head' })),
);

const networks: [string, Network, layer: string][] = [
  ['a residual network', resnet({ depth: 8 }), 'stage3'],
  ['one with projections', resnet({ depth: 8, shortcut: 'B' }), 'stage3'],
  ['one with pre-activation', preactResnet({ depth: 11 }), 'final'],
  ['a dense network', densenet({ depth: 10, growth: 4 }), 'final'],
  ['a conventional network', vgg({ depth: 11, width: 4 }), 'stage4.relu2'],
  ['a network of one’s own', own, 'gated'],
  ['a network whose head is a convolution', convolutional, 'head'],
];

describe.each(networks)('%s', (_, network, layer) => {
  const checkpoint = smallCheckpoint(network);
  const asked = async (engine: typeof evaluator) => {
    const asks = new Set<Asks>(['atLayer', 'imageGradients']);
    const compiled = await ExplainedNetwork.compile(checkpoint, { path: 'x', engine, threads: 1, batchSize: 2, asks });
    try {
      const { pixels } = await readImage(smallImage(5), 0, checkpoint.preprocessing);
      const { activations, gradients } = await compiled.atLayer(pixels, 1);
      const image = await compiled.imageGradients(pixels, 1);
      return {
        layer: compiled.layer,
        values: { activations, gradients, image, logits: await compiled.logits(pixels) },
      };
    } finally {
      await compiled.dispose();
    }
  };

  it('is explained at its last map, with the same gradients on every engine', { timeout: 300_000 }, async () => {
    const expected = await asked(evaluator);
    expect(expected.layer).toBe(layer);
    for (const values of Object.values(expected.values)) expect(values.some((value) => value !== 0)).toBe(true);
    for (const engine of enginesHere) {
      const found = await asked(engine);
      expect(found.layer).toBe(layer);
      for (const [name, values] of Object.entries(expected.values)) {
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const tolerance = { relative: 1e-3, absolute: 1e-4 * largest };
        expect(found.values[name as keyof typeof found.values]).toBeClose(values, tolerance);
      }
    }
  });
});
