/** Names of other tools, and the networks that are read from them. */
import { describe, expect, it, test } from 'vitest';
import { buildNetwork, type Network } from '../../nn/index.ts';
import { CheckpointError, type Shape } from '../../tensor/index.ts';
import {
  densenet,
  foreignNames,
  imageNetDensenet,
  imageNetResnet,
  inferNetwork,
  models,
  preactResnet,
  recogniseNames,
  resnet,
  wideResnet,
  writtenNamings,
} from '../index.ts';

function shapesOf(network: Network): Map<string, Shape> {
  const { graph } = buildNetwork(network, { batch: 1, training: false });
  return new Map([...graph.state].map(([name, { type }]) => [name, type.shape]));
}

/** What Skein makes of a file's names. */
const read = (...names: string[]) =>
  Object.fromEntries([...(recogniseNames(names)?.layers ?? [])].map(([a, b]) => [b, a]));

// biome-ignore format: a table: whose names, and some of them with Skein's
const known: [string, Record<string, string>][] = [
  ['torchvision', {
    'conv1.weight': 'stem.conv1.weight',
    'bn1.running_mean': 'stem.norm1.mean',
    'layer1.0.conv3.weight': 'stage1.block1.conv3.weight',
    'layer3.22.bn2.running_var': 'stage3.block23.norm2.variance',
    'layer4.0.downsample.0.weight': 'stage4.block1.shortcut.conv1.weight',
    'layer4.0.downsample.1.bias': 'stage4.block1.shortcut.norm1.bias',
    'layer1.0.se.fc1.weight': 'stage1.block1.squeeze.weight',
    'layer1.0.se.fc2.bias': 'stage1.block1.excite.bias',
    'fc.weight': 'classifier.weight',
  }],
  ['torchvision', {
    'features.conv0.weight': 'stem.conv1.weight',
    'features.norm0.weight': 'stem.norm1.weight',
    'features.denseblock2.denselayer12.norm1.running_mean': 'block2.layer12.norm1.mean',
    'features.denseblock2.denselayer12.conv.2.weight': 'block2.layer12.conv2.weight',
    'features.denseblock2.denselayer11.norm.2.bias': 'block2.layer11.norm2.bias',
    'features.transition3.norm.bias': 'transition3.norm1.bias',
    'features.transition3.conv.weight': 'transition3.conv1.weight',
    'features.norm5.running_var': 'final.norm1.variance',
    'classifier.bias': 'classifier.bias',
  }],
  ['torchvision', {
    'features.0.weight': 'stage1.conv1.weight',
    'features.0.bias': 'stage1.conv1.bias',
    'features.5.weight': 'stage2.conv1.weight',
    'features.14.bias': 'stage3.conv3.bias',
    'features.28.weight': 'stage5.conv3.weight',
    'features.26.weight': 'stage5.conv2.weight',
    'classifier.0.weight': 'head.linear1.weight',
    'classifier.3.bias': 'head.linear2.bias',
    'classifier.6.weight': 'classifier.weight',
  }],
  ['torchvision', {
    'features.1.running_mean': 'stage1.norm1.mean',
    'features.7.weight': 'stage2.conv1.weight',
    'features.20.bias': 'stage3.conv3.bias',
    'features.40.weight': 'stage5.conv3.weight',
    'features.41.running_var': 'stage5.norm3.variance',
    'classifier.6.bias': 'classifier.bias',
  }],
  ['CIFAR scripts', {
    'conv1.weight': 'stem.conv1.weight',
    'layer1.0.bn1.weight': 'stage1.block1.norm1.weight',
    'layer2.0.shortcut.0.weight': 'stage2.block1.shortcut.conv1.weight',
    'layer2.0.shortcut.1.running_mean': 'stage2.block1.shortcut.norm1.mean',
    'linear.weight': 'classifier.weight',
  }],
  ['CIFAR scripts', {
    'dense1.0.bn1.weight': 'block1.layer1.norm1.weight',
    'dense3.15.conv2.weight': 'block3.layer16.conv2.weight',
    'trans2.bn1.running_mean': 'transition2.norm1.mean',
    'trans2.conv1.weight': 'transition2.conv1.weight',
    'bn.weight': 'final.norm1.weight',
    'fc.bias': 'classifier.bias',
  }],
  ['CIFAR scripts (block1.layer.0)', {
    'block1.layer.0.bn1.weight': 'block1.layer1.norm1.weight',
    'trans1.conv1.weight': 'transition1.conv1.weight',
    'trans1.bn1.bias': 'transition1.norm1.bias',
    'bn1.weight': 'final.norm1.weight',
  }],
  ['WideResNet scripts', {
    'conv1.weight': 'stem.conv1.weight',
    'block1.layer.0.bn1.weight': 'stage1.block1.norm1.weight',
    'block2.layer.3.conv2.weight': 'stage2.block4.conv2.weight',
    'block1.layer.0.convShortcut.weight': 'stage1.block1.shortcut.conv1.weight',
    'bn1.running_var': 'final.norm1.variance',
    'fc.weight': 'classifier.weight',
  }],
  ['timm (ResNet-D)', {
    'conv1.0.weight': 'stem.conv1.weight',
    'conv1.1.weight': 'stem.norm1.weight',
    'conv1.3.weight': 'stem.conv2.weight',
    'conv1.4.running_mean': 'stem.norm2.mean',
    'conv1.6.weight': 'stem.conv3.weight',
    'bn1.weight': 'stem.norm3.weight',
    'layer1.0.downsample.1.weight': 'stage1.block1.shortcut.conv1.weight',
    'layer1.0.downsample.2.weight': 'stage1.block1.shortcut.norm1.weight',
  }],
  ['timm (ResNetV2)', {
    'stem.conv.weight': 'stem.conv1.weight',
    'stages.0.blocks.0.downsample.conv.weight': 'stage1.block1.shortcut.conv1.weight',
    'stages.3.blocks.2.norm3.running_var': 'stage4.block3.norm3.variance',
    'norm.bias': 'final.norm1.bias',
    'head.fc.weight': 'classifier.weight',
  }],
  ['pytorchcv', {
    'features.init_block.conv.weight': 'stem.conv1.weight',
    'features.init_block.bn.weight': 'stem.norm1.weight',
    'features.stage1.unit2.body.conv1.bn.bias': 'stage1.block2.norm1.bias',
    'features.stage2.unit1.identity_conv.conv.weight': 'stage2.block1.shortcut.conv1.weight',
    'output.weight': 'classifier.weight',
  }],
  ['pytorchcv', {
    'features.init_block.weight': 'stem.conv1.weight',
    'features.stage1.unit1.conv1.bn.weight': 'block1.layer1.norm1.weight',
    'features.stage1.unit1.conv2.conv.weight': 'block1.layer1.conv2.weight',
    'features.stage2.trans2.conv.conv.weight': 'transition1.conv1.weight',
    'features.post_activ.bn.weight': 'final.norm1.weight',
  }],
];

describe('names', () => {
  it.each(known)('of %s are read as those of Skein', (naming, pairs) => {
    expect(recogniseNames(Object.keys(pairs))?.naming.name).toBe(naming);
    expect(read(...Object.keys(pairs))).toEqual(pairs);
  });

  it('may have what training scripts put around a network, and counters', () => {
    const found = recogniseNames([
      'module.model.conv1.weight',
      'module.model.bn1.num_batches_tracked',
      'module.model.fc.weight',
      'module.n_averaged',
    ]);
    expect([...(found?.layers ?? [])]).toEqual([
      ['stem.conv1.weight', 'module.model.conv1.weight'],
      ['classifier.weight', 'module.model.fc.weight'],
    ]);
    expect(found?.ignored).toEqual(['module.model.bn1.num_batches_tracked', 'module.n_averaged']);
  });

  it('that mean nothing, or the same as one before them, are unknown', () => {
    const found = recogniseNames([
      'conv1.weight',
      'layer1.00.conv1.weight',
      'fc.weight',
      'fc.0.weight',
      'fc.gamma',
      'linear.weight',
    ]);
    expect(found?.unknown).toEqual(['layer1.00.conv1.weight', 'fc.0.weight', 'fc.gamma', 'linear.weight']);
    expect(recogniseNames(['encoder.layer.0.attention.query.weight'])).toBeUndefined();
  });
});

/** All but controls: plain networks' weights look like those of option A, and of small VGGs no names are known. */
const published = [...models.values()]
  .filter(({ family }) => !['plain', 'vgg-cifar'].includes(family.name))
  .map(({ network }) => network);

test.each(published.map((network) => [network.name, network] as const))(
  '%s is told from its shapes',
  (name, network) => {
    const naming = name === 'resnet50d' ? { shortcut: 'D' as const } : {};
    expect(inferNetwork(shapesOf(network), naming).network).toBe(network);
  },
);

describe('a network without a published name', () => {
  it.each<[string, Network]>([
    ['resnet20-b', resnet({ depth: 20, shortcut: 'B' })],
    ['resnet26', resnet({ depth: 26 })],
    ['wrn40-4', wideResnet({ depth: 40, widen: 4 })],
    ['preact-resnet29', preactResnet({ depth: 29 })],
    ['densenet-bc39-k10-blocks2', densenet({ depth: 39, growth: 10, blocks: 2, bottleneck: true })],
    ['densenet40-k12-theta0.3', densenet({ depth: 40, growth: 12, compression: 0.3 })],
    ['densenet-bc22-k7', densenet({ depth: 22, growth: 7, bottleneck: true, stem: 16 })],
    ['resnext50_64x2d', imageNetResnet({ depth: 50, groups: 64, widthPerGroup: 2 })],
    ['seresnet101', imageNetResnet({ depth: 101, squeeze: 16 })],
    ['resnet50c', imageNetResnet({ depth: 50, stem: 'deep' })],
    ['densenet31', imageNetDensenet({ layers: [2, 3, 4, 4], growth: 6, stem: 10 })],
  ])('such as %s is told with its options', (name, network) => {
    const found = inferNetwork(shapesOf(network)).network;
    expect(found.options).toEqual(network.options);
    expect(found.name).toBe(name);
  });

  it('that Skein has not is refused, with what is the matter', () => {
    const without = (network: Network, ...names: RegExp[]) =>
      new Map([...shapesOf(network)].filter(([name]) => !names.some((pattern) => pattern.test(name))));
    const large = shapesOf(imageNetResnet({ depth: 18 }));
    expect(() => inferNetwork(new Map([...large, ['stem.conv1.weight', [64, 3, 3, 3]]]))).toThrow(
      'its first convolution is 3×3',
    );
    expect(() => inferNetwork(without(imageNetResnet({ depth: 50 }), /block[3-9]/))).toThrow(
      "its four stages have 2, 2, 2, 2 blocks of three convolutions, and Skein's depths are 18, 34",
    );
    expect(() => inferNetwork(without(resnet({ depth: 20 }), /stage2.block3/))).toThrow(
      'its three stages have 3, 2, 3 blocks',
    );
    expect(() => inferNetwork(without(densenet({ depth: 40, growth: 12 }), /block2.layer12/))).toThrow(
      'its blocks have 12, 11, 12 layers',
    );
    const halfAGroup = new Map([
      ...shapesOf(imageNetResnet({ depth: 50 })),
      ['stage1.block1.conv2.weight', [96, 64, 3, 3]] as const,
    ]);
    expect(() => inferNetwork(halfAGroup)).toThrow(CheckpointError);
    expect(() => inferNetwork(halfAGroup)).toThrow('no network that Skein can tell: resnet: `groups` must be a whole');
    expect(() => inferNetwork(new Map([['classifier.weight', [10, 64]]]))).toThrow(
      'neither residual blocks nor dense ones',
    );
  });
});

test('a file that names more layers than any network has is refused before a graph is built', () => {
  const many = (name: (i: number) => string) =>
    Array.from({ length: 30_000 }, (_, i) => [name(i + 1), [16, 16, 3, 3]] as const);
  const stages = [1, 2, 3].flatMap((stage) =>
    [1, 2].flatMap((k) => many((i) => `stage${stage}.block${i}.conv${k}.weight`)),
  );
  const stem = ['stem.conv1.weight', [16, 3, 3, 3]] as const;
  expect(() => inferNetwork(new Map<string, Shape>([stem, ...stages]))).toThrow(
    'its names are of 180000 layers, and at most 10000 are taken',
  );
  const blocks = [1, 2, 3].flatMap((block) => many((i) => `block${block}.layer${i}.conv1.weight`));
  expect(() => inferNetwork(new Map<string, Shape>([stem, ...blocks]))).toThrow('its names are of 90000 layers');
});

test('a naming that writes a form has a name for each of its tensors, and reads it back', () => {
  for (const network of published) {
    const shapes = shapesOf(network);
    const { form } = inferNetwork(shapes);
    const namings = writtenNamings.filter(({ writes }) => writes.includes(form));
    const written = namings.flatMap((naming) => foreignNames(naming, shapes.keys()) ?? []);
    if (form !== 'preact-small') expect(written.length, network.name).toBeGreaterThan(0);
    for (const names of written) {
      const foreign = [...names.values()].map(({ name }) => name);
      expect(new Set(foreign).size).toBe(shapes.size);
      expect([...(recogniseNames(foreign)?.layers.keys() ?? [])]).toEqual([...names.keys()]);
    }
  }
});

test('the note on strides gives the options of the network that was found', () => {
  const network = imageNetResnet({ depth: 50, groups: 32, widthPerGroup: 4 });
  expect(inferNetwork(shapesOf(network)).notes[0]).toContain(
    "resnet({ image: 224, depth: 50, groups: 32, widthPerGroup: 4, strideIn: '1x1' })",
  );
});
