/** Names of dense networks' layers: n is the block, m the layer in it, k the convolution in that. */
import type { Naming } from './naming.ts';

/** torchvision's and timm's; after the `|` the names before torchvision 0.3, and gpleiss's for small images. */
export const torchvisionDensenet: Naming = {
  name: 'torchvision',
  layers: {
    'stem.conv1': 'features.conv0',
    'stem.norm1': 'features.norm0',
    'block{n}.layer{m}.conv{k}':
      'features.denseblock{n}.denselayer{m}.conv{k} | features.denseblock{n}.denselayer{m}.conv.{k}',
    'block{n}.layer{m}.norm{k}':
      'features.denseblock{n}.denselayer{m}.norm{k} | features.denseblock{n}.denselayer{m}.norm.{k}',
    'transition{n}.conv1': 'features.transition{n}.conv',
    'transition{n}.norm1': 'features.transition{n}.norm',
    'final.norm1': 'features.norm5 | features.norm_final',
    classifier: 'classifier | fc',
  },
  writes: ['densenet'],
};

/** Scripts for CIFAR: bamos's and bearpaw's. Those that put new features first (kuangliu's `trans1.conv`) are other networks. */
export const cifarDensenet: Naming = {
  name: 'CIFAR scripts',
  layers: {
    'stem.conv1': 'conv1',
    'block{n}.layer{m}.conv{k}': 'dense{n}.{m-1}.conv{k}',
    'block{n}.layer{m}.norm{k}': 'dense{n}.{m-1}.bn{k}',
    'transition{n}.conv1': 'trans{n}.conv1',
    'transition{n}.norm1': 'trans{n}.bn1',
    'final.norm1': 'bn | bn1',
    classifier: 'fc | linear',
  },
  writes: ['densenet-small'],
};

/** andreasveit's. */
export const layeredCifarDensenet: Naming = {
  name: 'CIFAR scripts (block1.layer.0)',
  layers: {
    'stem.conv1': 'conv1',
    'block{n}.layer{m}.conv{k}': 'block{n}.layer.{m-1}.conv{k}',
    'block{n}.layer{m}.norm{k}': 'block{n}.layer.{m-1}.bn{k}',
    'transition{n}.conv1': 'trans{n}.conv1',
    'transition{n}.norm1': 'trans{n}.bn1',
    'final.norm1': 'bn1',
    classifier: 'fc',
  },
};

/** osmr's pytorchcv, where a transition is part of the stage after it. */
export const pytorchcvDensenet: Naming = {
  name: 'pytorchcv',
  layers: {
    'stem.conv1': 'features.init_block | features.init_block.conv',
    'stem.norm1': 'features.init_block.bn',
    'block{n}.layer{m}.conv{k}': 'features.stage{n}.unit{m}.conv{k}.conv',
    'block{n}.layer{m}.norm{k}': 'features.stage{n}.unit{m}.conv{k}.bn',
    'block{n}.layer{m}.conv1': 'features.stage{n}.unit{m}.conv.conv',
    'block{n}.layer{m}.norm1': 'features.stage{n}.unit{m}.conv.bn',
    'transition{n}.conv1': 'features.stage{n+1}.trans{n+1}.conv.conv',
    'transition{n}.norm1': 'features.stage{n+1}.trans{n+1}.conv.bn',
    'final.norm1': 'features.post_activ.bn',
    classifier: 'output',
  },
};
