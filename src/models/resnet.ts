/** Residual networks for small images, and the same networks without shortcuts: He et al. 2015 (arXiv 1512.03385), §4.2. */
import { relu, scope, type Value } from '../ir/index.ts';
import { batchNorm, conv, globalAveragePool, linear, type Network } from '../nn/index.ts';
import { choice, whole } from '../parts/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { cifar } from './cifar.ts';
import { defineBuilder, defineFamily } from './family.ts';
import { type ImageNetResnetOptions, imageNetResnet } from './imagenet-resnet.ts';
import { basicBlock, plainBlock } from './residual-block.ts';
import { type Join, joins } from './residual-shortcut.ts';
import { smallBlocks, smallStages, stackStages } from './stages.ts';

const depth = whole({ about: 'layers with weights, 6n + 2' });

const smallResnet = defineBuilder({
  name: 'resnet',
  about: 'three stages of blocks with shortcuts around them',
  options: {
    depth,
    shortcut: choice(['A', 'B'], {
      about: 'where a block changes the shape: subsampling and zeros (A, as in the paper’s §4.2), or a projection (B)',
      default: 'A',
      hint: 'plain() has none',
    }),
  },
  make: ({ depth: layers, shortcut }) => {
    const name = `resnet${layers}${shortcut === 'A' ? '' : `-${shortcut.toLowerCase()}`}`;
    return smallNetwork(name, smallBlocks('resnet', layers, 2, 2), joins[shortcut]);
  },
});

/** `image` is the height and width of the image: up to 64; default 32. */
export type SmallResnetOptions = Parameters<typeof smallResnet>[0] & { readonly image?: number };

export type ResnetOptions = SmallResnetOptions | ImageNetResnetOptions;

/** A residual network: for images up to 64 pixels wide (default), or above, by `image`. @throws ConfigError for a depth that it has not */
export function resnet(options: ResnetOptions): Network {
  const { image = 32, ...others } = options;
  if (image > 64) return imageNetResnet(options as ImageNetResnetOptions);
  const network = smallResnet.from(others, 'resnet for images up to 64 pixels wide');
  return { ...network, image: { ...cifar.image, height: image, width: image } };
}

/** The control: the same layers, nothing added around them. @throws ConfigError unless the depth is 6n + 2 */
export const plain = defineBuilder({
  name: 'plain',
  about: 'the same layers without shortcuts',
  options: { depth },
  make: ({ depth: layers }) => smallNetwork(`plain${layers}`, smallBlocks('plain', layers, 2, 2), joins.none),
});

export type PlainOptions = Parameters<typeof plain>[0];

/** A residual network for small images that the published tables do not have. */
export interface SmallResidualOptions {
  readonly name: string;
  /** Layers with weights, 6n + 2. */
  readonly depth: number;
  /** Default: option A. */
  readonly join?: Join;
  /** Channels of the first stage; default 16. */
  readonly width?: number;
}

/** The layers of `resnet` with another way to join a block's input and its result, or other widths. @throws ConfigError unless the depth is 6n + 2 */
export const smallResidualNetwork = ({
  name,
  depth: layers,
  join = joins.A,
  width,
}: SmallResidualOptions): Network => ({
  ...smallNetwork(name, smallBlocks(name, layers, 2, 2), join, width),
  options: {},
});

/** §4.2: 16, 32 and 64 channels on maps of 32, 16 and 8 for CIFAR's images. */
function smallNetwork(name: string, blocks: number, join: Join, width = 16): Omit<Network, 'options'> {
  const build: Network['build'] = (image, { classes }) => {
    expectSmall(name, image);
    const stem = scope('stem', () => relu(batchNorm(conv(image, width, { kernel: 3 }))));
    const x = stackStages(stem, smallStages(blocks, width), 0, (y, place) =>
      basicBlock(y, { ...place, join }, plainBlock),
    );
    return linear(globalAveragePool(x), classes, { name: 'classifier' });
  };
  return { name, build, ...cifar };
}

function expectSmall(name: string, image: Value): void {
  const [, , height, width] = image.type.shape as [number, number, number, number];
  if (Math.max(height, width) > 64)
    throw new ConfigError(
      `${name}: it takes images up to 64×64 pixels (made for 32×32), but they are ${height}×${width}`,
      'use --image-size 64 or less, or a network for large images, such as resnet18',
    );
}

const paper = 'arXiv:1512.03385';

/** Table 6 and Figure 6, left and middle. */
// biome-ignore format: the paper's table
export const resnetFamily = defineFamily({
  name: 'resnet',
  paper,
  title: 'Deep Residual Learning for Image Recognition',
  build: smallResnet,
  variants: {
    resnet8:    { depth: 8 },
    resnet14:   { depth: 14 },
    resnet20:   { depth: 20,   published: { params: 269_722,    macs: 41e6, cifar10: 8.75 } },
    resnet32:   { depth: 32,   published: { params: 464_154,    macs: 69e6, cifar10: 7.51 } },
    resnet44:   { depth: 44,   published: { params: 658_586,    macs: 97e6, cifar10: 7.17 } },
    resnet56:   { depth: 56,   published: { params: 853_018,    macs: 125e6, cifar10: 6.97 } },
    resnet110:  { depth: 110,  published: { params: 1_727_962,  macs: 253e6, cifar10: 6.43 } },
    resnet1202: { depth: 1202, published: { params: 19_421_274, macs: 2.83e9, cifar10: 7.93 } },
  },
});

/** The controls of Figure 6, left; without shortcuts the parameters are those of option A. */
// biome-ignore format: the paper's table
export const plainFamily = defineFamily({
  name: 'plain',
  paper,
  title: 'Deep Residual Learning for Image Recognition (without shortcuts)',
  build: plain,
  variants: {
    plain8:   { depth: 8 },
    plain14:  { depth: 14 },
    plain20:  { depth: 20 },
    plain32:  { depth: 32 },
    plain44:  { depth: 44 },
    plain56:  { depth: 56 },
    plain110: { depth: 110 },
  },
});
