import { describe, expect, it } from 'vitest';
import { findModel } from '../models/index.ts';
import { batchNorm, buildNetwork, conv, defineNetwork, globalAveragePool, linear, type Network } from '../nn/index.ts';
import { add, concat, defineProgram, relu, scope, structureOf, type Value } from './index.ts';

const structure = (network: Network) => {
  const { graph, logits } = buildNetwork(network, { batch: 1, training: false });
  return structureOf(
    defineProgram({ name: 'test', graph, outputs: new Map([['logits', logits]]), updates: new Map() }),
  );
};

const kinds = (name: string) => {
  const counts: Record<string, number> = {};
  for (const { kind } of structure(findModel(name)).connections) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

const network = (body: (x: Value) => Value) =>
  defineNetwork(
    'own',
    (image, { classes }) => linear(globalAveragePool(body(conv(image, 8, { kernel: 3 }))), classes),
    {
      image: { channels: 3, height: 8, width: 8 },
      classes: 4,
    },
  );

describe('the structure of a network', () => {
  it.each([
    ['resnet20', { identity: 7, padding: 2 }],
    ['resnet50', { identity: 12, projection: 4 }],
    ['preact-resnet164', { identity: 51, projection: 3 }],
    ['seresnet50', { identity: 12, projection: 4, inner: 16 }],
    ['densenet-bc100-k12', { concat: 48 }],
    ['plain34', {}],
  ])('of %s has a shortcut for each block, of the kind that its paper says', (name, expected) => {
    expect(kinds(name)).toEqual(expected);
  });

  it('has the depth that a name says', () => {
    for (const [name, depth] of Object.entries({ resnet50: 50, plain34: 34, densenet121: 121, resnet20: 20 }))
      expect(structure(findModel(name)).depth).toBe(depth);
  });

  it.each([
    ['densenet-bc100-k12', 3, [16, 16, 16]],
    ['densenet201', 4, [6, 12, 48, 32]],
  ])(
    'of %s has l connections into the l-th layer of a dense block, and one from each into what follows',
    (name, blocks, layers) => {
      const { denseEdges } = structure(findModel(name));
      const within = denseEdges.filter(({ to }) => /^block\d\.layer/.test(to));
      expect(within).toHaveLength(layers.reduce((sum, n) => sum + (n * (n + 1)) / 2, 0));
      expect(denseEdges).toHaveLength(within.length + layers.reduce((sum, n) => sum + n, 0) + blocks);
    },
  );

  it('says which layers a shortcut passes, from where and to where', () => {
    const own = network((x) =>
      scope('block', () => {
        const y = batchNorm(conv(relu(conv(x, 16, { kernel: 3 })), 16, { kernel: 3 }));
        return add(
          y,
          scope('side', () => batchNorm(conv(x, 16, { kernel: 1 }))),
        );
      }),
    );
    expect(structure(own).connections).toEqual([
      { kind: 'projection', from: 'conv1', to: 'block.add1', through: ['block.side.conv1', 'block.side.norm1'] },
    ]);
  });

  it('finds ways around from the image itself, and ways that lead around others', () => {
    const own = defineNetwork(
      'own',
      (image, { classes }) => {
        const a = conv(image, 3, { kernel: 3 });
        const b = relu(add(a, conv(a, 3, { kernel: 1 })));
        return linear(globalAveragePool(concat([conv(b, 3, { kernel: 3 }), image])), classes);
      },
      { image: { channels: 3, height: 8, width: 8 }, classes: 4 },
    );
    expect(structure(own).connections).toEqual([
      { kind: 'identity', from: 'conv1', to: 'add1', through: [] },
      { kind: 'concat', from: '', to: 'concat1', through: [] },
    ]);
  });

  it('writes layers as the papers do', () => {
    const { kinds } = structure(findModel('resnet50'));
    expect(kinds.get('stem.conv1')?.label).toBe('7×7 conv, 64, /2');
    expect(kinds.get('stem.maxPool1')?.label).toBe('3×3 max pool, /2');
    expect(kinds.get('stem.norm1')?.label).toBe('batch norm');
    expect(kinds.get('sum1')?.label).toBe('global average pool');
    expect(kinds.get('classifier')?.label).toBe('fully connected, 1000');
    expect(structure(findModel('resnext50_32x4d')).kinds.get('stage1.block1.conv2')?.label).toBe(
      '3×3 conv, 128, 32 groups',
    );
  });
});
