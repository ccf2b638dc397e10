/**
 * Small networks on which an engine shows whether it can train: every kind of layer that the published ones have, on maps and channels
 * of which some fill the blocks of a processor's layout and some do not.
 */
import { add, concat, multiply, pad, relu, reshape, scope, sigmoid, slice, type Value } from '../../ir/index.ts';
import {
  averagePool,
  batchNorm,
  conv,
  defineNetwork,
  globalAveragePool,
  linear,
  maxPool,
  type Network,
} from '../../nn/index.ts';

/** Odd maps, of which 7×7 is the least that a fast form of convolution takes (Winograd's, in oneDNN). */
const imageSize = { channels: 3, height: 13, width: 13 };

const small = (name: string, build: (image: Value) => Value): Network =>
  defineNetwork(
    `small ${name} network`,
    (image, { classes }) => scope(name, () => linear(globalAveragePool(build(image)), classes, { name: 'classifier' })),
    { image: imageSize, classes: 5 },
  );

/** Two basic blocks; the second halves the map, and its input is joined with zeros for the channels that it lacks. */
const residual = small('residual', (image) => {
  const stem = scope('stem', () => relu(batchNorm(conv(image, 12, { kernel: 3 }))));
  const x = scope('block1', () => relu(add(basicBranch(stem, 12, 1), stem)));
  return scope('block2', () => relu(add(basicBranch(x, 64, 2), zeroPadded(x, 64))));
});

function basicBranch(x: Value, width: number, stride: number): Value {
  const y = relu(batchNorm(conv(x, width, { kernel: 3, stride })));
  return batchNorm(conv(y, width, { kernel: 3 }));
}

/** Every second pixel, in the middle of `width` channels. */
function zeroPadded(x: Value, width: number): Value {
  const [, channels, height, rowLength] = x.type.shape as [number, number, number, number];
  const halved = slice(x, { axes: [2, 3], starts: [0, 0], stops: [height, rowLength], steps: [2, 2] });
  const before = Math.floor((width - channels) / 2);
  return pad(halved, { before: [0, before, 0, 0], after: [0, width - channels - before, 0, 0] });
}

/** Two dense blocks of bottlenecks that add 12 channels each, with a transition between them. */
const dense = small('dense', (image) => {
  let x = scope('stem', () => conv(image, 24, { kernel: 3, stride: 2 }));
  for (const layer of ['layer1', 'layer2', 'layer3']) x = scope(layer, () => concat([x, denseLayer(x, 12)]));
  x = scope('transition', () => averagePool(composite(x, 30, 1), { kernel: 2 }));
  for (const layer of ['layer4', 'layer5']) x = scope(layer, () => concat([x, denseLayer(x, 12)]));
  return scope('final', () => relu(batchNorm(x)));
});

const composite = (x: Value, channels: number, kernel: number) => conv(relu(batchNorm(x)), channels, { kernel });
const denseLayer = (x: Value, growth: number) => composite(composite(x, 4 * growth, 1), growth, 3);

/** A bottleneck in groups with squeeze and excitation, after the stem of networks for large images, joined by a projection. */
const squeezing = small('squeeze-and-excitation', (image) => {
  const stem = scope('stem', () => relu(batchNorm(conv(image, 12, { kernel: 7 }))));
  const x = maxPool(stem, { kernel: 3, stride: 2, padding: 1 });
  const y = scope('block1', () => relu(add(excited(bottleneck(x, 16, 2)), projected(x, 48, 2))));
  return scope('block2', () => relu(add(excited(bottleneck(y, 20, 1)), projected(y, 48, 1))));
});

function bottleneck(x: Value, inner: number, stride: number): Value {
  const y = relu(batchNorm(conv(x, inner, { kernel: 1 })));
  const z = relu(batchNorm(conv(y, inner, { kernel: 3, stride, groups: 2 })));
  return batchNorm(conv(z, 48, { kernel: 1 }));
}

const projected = (x: Value, width: number, stride: number) =>
  scope('shortcut', () => batchNorm(conv(x, width, { kernel: 1, stride })));

/** Every channel times a number between 0 and 1 that all of them decide. */
function excited(x: Value): Value {
  const channels = x.type.shape[1] as number;
  const squeezed = relu(linear(globalAveragePool(x), channels / 4, { name: 'squeeze' }));
  const weights = sigmoid(linear(squeezed, channels, { name: 'excite' }));
  return multiply(x, reshape(weights, [-1, channels, 1, 1]));
}

/** A network with numbers to start from. Its state has names of its own, so that an engine can hold that of all networks at once. */
export interface SmallNetwork {
  readonly network: Network;
  /** Chosen so that in two steps no input of a rectifier is so near to 0 that float32 could take it for one of the other side. */
  readonly seed: number;
}

export const smallNetworks: readonly SmallNetwork[] = [
  { network: residual, seed: 24 },
  { network: dense, seed: 153 },
  { network: squeezing, seed: 29 },
];
