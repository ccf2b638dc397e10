import { describe, expect, it } from 'vitest';
import type { Value } from '../ir/index.ts';
import { buildNetwork, type Network } from '../nn/index.ts';
import { densenet } from './index.ts';

const trained = (network: Network) => buildNetwork(network, { batch: 2, training: true }).graph;
const shapes = (network: Network, op: string) =>
  trained(network)
    .nodes.filter((node) => node.op.name === op)
    .map(({ outputs: [y] }) => (y as Value).type.shape);

describe('densenet', () => {
  it('names its state after its structure', () => {
    const names = [...trained(densenet({ depth: 10, growth: 4, bottleneck: true })).state.keys()];
    expect(names.filter((name) => name.endsWith('.weight'))).toEqual([
      'stem.conv1.weight',
      ...['block1.layer1', 'transition1', 'block2.layer1', 'transition2', 'block3.layer1'].flatMap((scope) =>
        (scope.includes('layer') ? ['norm1', 'conv1', 'norm2', 'conv2'] : ['norm1', 'conv1']).map(
          (layer) => `${scope}.${layer}.weight`,
        ),
      ),
      'final.norm1.weight',
      'classifier.weight',
    ]);
  });

  it('lets every layer read the concatenation of all before it in its block', () => {
    const maps = shapes(densenet({ depth: 13, growth: 4 }), 'concat').filter((shape) => shape.length === 4);
    expect(maps.map((shape) => shape[1])).toEqual([20, 24, 28, 32, 36, 40, 44, 48, 52]);
  });

  it('compresses in its transitions', () => {
    const { state } = trained(densenet({ depth: 16, growth: 5, bottleneck: true, compression: 0.33 }));
    expect(state.get('transition1.conv1.weight')?.type.shape).toEqual([6, 20, 1, 1]); // ⌊0.33 · (10 + 2 · 5)⌋
  });

  it("builds the article's nine blocks of ten layers, halving the map only while it is at least 8 wide", () => {
    const network = densenet({ depth: 100, growth: 12, blocks: 9 });
    expect(network.name).toBe('densenet100-k12-blocks9');
    expect(shapes(network, 'concat').filter((shape) => shape.length === 4)).toHaveLength(90);
    expect(shapes(network, 'averagePool2d').map((shape) => shape.slice(2))).toEqual([
      [16, 16],
      [8, 8],
      [4, 4],
    ]);
  });

  it('drops out after each convolution but the first', () => {
    const network = densenet({ depth: 10, growth: 4, bottleneck: true, dropout: 0.2 });
    const masks = [...trained(network).inputs.keys()].filter((name) => name !== 'image');
    expect(masks).toEqual([
      'block1.layer1.dropout1',
      'block1.layer1.dropout2',
      'transition1.dropout1',
      'block2.layer1.dropout1',
      'block2.layer1.dropout2',
      'transition2.dropout1',
      'block3.layer1.dropout1',
      'block3.layer1.dropout2',
    ]);
    expect(buildNetwork(network, { batch: 2, training: false }).graph.inputs.size).toBe(1);
  });

  it('measures each feature once, however many layers read it', () => {
    // one for the stem and each transition, one for each layer
    expect(shapes(densenet({ depth: 40, growth: 12 }), 'batchStatistics')).toHaveLength(3 + 3 * 12);
  });

  it('names the nearest depths where one does not divide', () => {
    expect(() => densenet({ depth: 41, growth: 12 })).toThrow(
      'densenet: depth must be 3n + 4 for 3 blocks; 41 is not; nearest are 40 and 43',
    );
    expect(() => densenet({ depth: 43, growth: 12, bottleneck: true })).toThrow(
      'densenet: depth must be 6n + 4 for 3 blocks with bottlenecks; 43 is not; nearest are 40 and 46',
    );
    expect(() => densenet({ depth: 6, growth: 12 })).toThrow('the least is 7');
  });

  it('names the option that is impossible', () => {
    expect(() => densenet({ depth: 40, growth: 0 })).toThrow('`growth` must be a whole number of at least 1, but is 0');
    expect(() => densenet({ depth: 40, growth: 12, blocks: 1.5 })).toThrow('`blocks` must be a whole number');
    expect(() => densenet({ depth: 40, growth: 12, compression: 2 })).toThrow(
      '`compression` must be a number above 0 and at most 1, but is 2',
    );
    expect(() => densenet({ depth: 40, growth: 12, dropout: 1 })).toThrow(
      '`dropout` must be a number of at least 0 and below 1, but is 1',
    );
  });
});
