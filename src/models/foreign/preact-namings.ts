/** Names of pre-activation networks' layers: s is the stage, b the block, k the layer in it. */
import type { Naming } from './naming.ts';

/** timm's ResNetV2, whose classifier is a 1×1 convolution. */
export const timmResnetV2: Naming = {
  name: 'timm (ResNetV2)',
  layers: {
    'stem.conv1': 'stem.conv',
    'stage{s}.block{b}.conv{k}': 'stages.{s-1}.blocks.{b-1}.conv{k}',
    'stage{s}.block{b}.norm{k}': 'stages.{s-1}.blocks.{b-1}.norm{k}',
    'stage{s}.block{b}.shortcut.conv1': 'stages.{s-1}.blocks.{b-1}.downsample.conv',
    'final.norm1': 'norm',
    classifier: 'head.fc',
  },
  writes: ['preact'],
  convolutions: ['classifier'],
};

/** Wide residual networks as xternalz and most scripts after it name them. */
export const wideResnetScripts: Naming = {
  name: 'WideResNet scripts',
  layers: {
    'stem.conv1': 'conv1',
    'stage{s}.block{b}.conv{k}': 'block{s}.layer.{b-1}.conv{k}',
    'stage{s}.block{b}.norm{k}': 'block{s}.layer.{b-1}.bn{k}',
    'stage{s}.block{b}.shortcut.conv1': 'block{s}.layer.{b-1}.convShortcut',
    'final.norm1': 'bn1',
    classifier: 'fc | linear',
  },
  writes: ['wide'],
};
