/** Names of residual networks' layers: s is the stage, b the block, k the layer in it. */
import type { Naming } from './naming.ts';

const body = {
  'stage{s}.block{b}.conv{k}': 'layer{s}.{b-1}.conv{k}',
  'stage{s}.block{b}.norm{k}': 'layer{s}.{b-1}.bn{k}',
};
const squeeze = {
  'stage{s}.block{b}.squeeze': 'layer{s}.{b-1}.se.fc1',
  'stage{s}.block{b}.excite': 'layer{s}.{b-1}.se.fc2',
};
const stem = { 'stem.conv1': 'conv1', 'stem.norm1': 'bn1' };

/** torchvision's ResNet, which timm and most training scripts took over. */
export const torchvisionResnet: Naming = {
  name: 'torchvision',
  layers: {
    ...stem,
    ...body,
    ...squeeze,
    'stage{s}.block{b}.shortcut.conv1': 'layer{s}.{b-1}.downsample.0',
    'stage{s}.block{b}.shortcut.norm1': 'layer{s}.{b-1}.downsample.1',
    classifier: 'fc',
  },
  writes: ['resnet'],
  convolutions: ['squeeze', 'excite'],
};

/** Scripts for CIFAR (akamaster, kuangliu and their many heirs): projections are `shortcut`, the classifier often `linear`. */
export const cifarResnet: Naming = {
  name: 'CIFAR scripts',
  layers: {
    ...stem,
    ...body,
    'stage{s}.block{b}.shortcut.conv1': 'layer{s}.{b-1}.shortcut.0 | layer{s}.{b-1}.downsample.0',
    'stage{s}.block{b}.shortcut.norm1': 'layer{s}.{b-1}.shortcut.1 | layer{s}.{b-1}.downsample.1',
    classifier: 'linear | fc',
  },
  writes: ['resnet-small'],
};

/** timm's ResNet-C and -D: three convolutions at the start. */
const deepStem = {
  'stem.conv1': 'conv1.0',
  'stem.norm1': 'conv1.1',
  'stem.conv2': 'conv1.3',
  'stem.norm2': 'conv1.4',
  'stem.conv3': 'conv1.6',
  'stem.norm3': 'bn1',
};

/** In timm the pooling of a shortcut is its part 0, also where it is the identity. */
export const timmResnetD: Naming = {
  name: 'timm (ResNet-D)',
  layers: {
    ...deepStem,
    ...body,
    ...squeeze,
    'stage{s}.block{b}.shortcut.conv1': 'layer{s}.{b-1}.downsample.1',
    'stage{s}.block{b}.shortcut.norm1': 'layer{s}.{b-1}.downsample.2',
    classifier: 'fc',
  },
  writes: ['resnet'],
  convolutions: ['squeeze', 'excite'],
  shortcut: 'D',
};

export const timmResnetC: Naming = {
  name: 'timm (ResNet-C)',
  layers: { ...torchvisionResnet.layers, ...deepStem },
  writes: ['resnet'],
  convolutions: ['squeeze', 'excite'],
};

/** osmr's pytorchcv. */
export const pytorchcvResnet: Naming = {
  name: 'pytorchcv',
  layers: {
    'stem.conv1': 'features.init_block.conv | features.init_block.conv.conv',
    'stem.norm1': 'features.init_block.bn | features.init_block.conv.bn',
    'stage{s}.block{b}.conv{k}': 'features.stage{s}.unit{b}.body.conv{k}.conv',
    'stage{s}.block{b}.norm{k}': 'features.stage{s}.unit{b}.body.conv{k}.bn',
    'stage{s}.block{b}.shortcut.conv1': 'features.stage{s}.unit{b}.identity_conv.conv',
    'stage{s}.block{b}.shortcut.norm1': 'features.stage{s}.unit{b}.identity_conv.bn',
    classifier: 'output',
  },
};
