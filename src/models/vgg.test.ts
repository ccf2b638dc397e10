import { describe, expect, it, test } from 'vitest';
import { countParams } from '../ir/index.ts';
import { buildNetwork, type Network } from '../nn/index.ts';
import { imageNetVgg, vgg } from './index.ts';

const square = (side: number, channels = 3) => ({ channels, height: side, width: side });
const graphOf = (network: Network, side: number) =>
  buildNetwork(network, { batch: 2, image: square(side), classes: 7, training: true }).graph;
const convolutions = (network: Network, side: number) =>
  graphOf(network, side).nodes.filter((node) => node.op.name === 'conv2d');

describe('imageNetVgg', () => {
  it('names its state after its structure', () => {
    const names = [...graphOf(imageNetVgg({ depth: 11 }), 64).state.keys()];
    const layer = (path: string) => [`${path}.weight`, `${path}.bias`];
    expect(names).toEqual(
      [
        'stage1.conv1',
        'stage2.conv1',
        ...[3, 4, 5].flatMap((stage) => [`stage${stage}.conv1`, `stage${stage}.conv2`]),
        'head.linear1',
        'head.linear2',
        'classifier',
      ].flatMap(layer),
    );
  });

  it('has as many layers with weights as its depth says', () => {
    for (const depth of [11, 13, 16, 19])
      expect(convolutions(imageNetVgg({ depth, batchNorm: true }), 64)).toHaveLength(depth - 3);
  });

  it('has the same parameters for every image, whose last map it averages to 7×7', () => {
    const network = imageNetVgg({ depth: 11 });
    const counts = [32, 100, 224, 256].map((side) => countParams(graphOf(network, side)));
    expect(new Set(counts).size).toBe(1);
  });

  it('drops out after the wide layers alone, at the rate that is asked for', () => {
    const rates = (network: Network) =>
      [...graphOf(network, 32).inputs].flatMap(([name, { source }]) =>
        source.kind === 'input' && source.provide ? [[name, Number(source.provide.note)]] : [],
      );
    expect(rates(imageNetVgg({ depth: 11 }))).toEqual([
      ['head.dropout1', 0.5],
      ['head.dropout2', 0.5],
    ]);
    expect(rates(imageNetVgg({ depth: 11, dropout: 0 }))).toEqual([]);
  });

  it('says which images and options are impossible', () => {
    expect(() => graphOf(imageNetVgg({ depth: 16, batchNorm: true }), 31)).toThrow(
      'vgg16_bn: it takes images of at least 32×32 pixels (made for 224×224), because it halves them five times, but they are 31×31',
    );
    expect(() => imageNetVgg({ depth: 16, dropout: 1 })).toThrow(
      '`dropout` must be a number of at least 0 and below 1, but is 1',
    );
    expect(() => imageNetVgg({ depth: 12 })).toThrow('vgg: `depth` must be one of 11, 13, 16, 19, but is 12');
  });
});

describe('vgg', () => {
  it('has batch norms instead of biases, and one linear layer', () => {
    const names = [...graphOf(vgg({ depth: 16 }), 32).state.keys()].filter((name) => name.endsWith('bias'));
    expect(names.filter((name) => !name.includes('norm'))).toEqual(['classifier.bias']);
    expect(convolutions(vgg({ depth: 16 }), 32)).toHaveLength(13);
  });

  it('halves the map five times, or as often as there is something to halve', () => {
    const last = (side: number) => convolutions(vgg({ depth: 11 }), side).map((node) => node.outputs[0]?.type.shape[2]);
    expect(last(32)).toEqual([32, 16, 8, 8, 4, 4, 2, 2]);
    expect(last(7)).toEqual([7, 3, 1, 1, 1, 1, 1, 1]);
  });

  it('can be made narrower, to be compared with smaller networks', () => {
    const { name, options } = vgg({ depth: 16, width: 16 });
    expect([name, options]).toEqual(['vgg16-cifar-w16', { depth: 16, width: 16 }]);
    expect(() => vgg({ depth: 16, width: 0 })).toThrow('`width` must be a whole number of at least 1, but is 0');
  });
});

test('both forms take any channels and classes', () => {
  for (const network of [vgg({ depth: 11 }), imageNetVgg({ depth: 11 })]) {
    const { logits } = buildNetwork(network, { batch: 2, image: square(40, 4), classes: 1, training: false });
    expect(logits.type.shape).toEqual([2, 1]);
  }
});
