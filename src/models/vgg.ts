/** Conventional networks, the control without any shortcut: stacks of 3×3 convolutions, for small images (Simonyan and Zisserman 2014, arXiv 1409.1556). */
import { relu, scope, type Value } from '../ir/index.ts';
import { batchNorm, conv, globalAveragePool, linear, maxPool } from '../nn/index.ts';
import { whole } from '../parts/index.ts';
import { cifar } from './cifar.ts';
import { defineBuilder, defineFamily } from './family.ts';

/** Table 1, columns A, B, D and E: convolutions of each stage by depth; the three layers after them count too. */
// biome-ignore format: the paper's table
const convolutions: ReadonlyMap<number, readonly number[]> = new Map([
  [11, [1, 1, 2, 2, 2]],
  [13, [2, 2, 2, 2, 2]],
  [16, [2, 2, 3, 3, 3]],
  [19, [2, 2, 4, 4, 4]],
]);

/** The columns that `vggStages` has. */
export const vggDepths: readonly number[] = [...convolutions.keys()];

/** Convolutions of each stage at one of `vggDepths`. */
export const vggStages = (depth: number): readonly number[] => convolutions.get(depth) ?? [];

/** The option `depth`. */
export const vggDepth = whole({
  about: 'layers with weights of the published networks, three of which are at their end',
  among: vggDepths,
  hint: 'these are the columns A, B, D and E of the paper’s Table 1',
});

/** Five stages at `width`, 2, 4, 8 and again 8 times as many channels, each with `pool` at its end. */
export function vggBody(
  image: Value,
  options: {
    readonly stages: readonly number[];
    readonly width: number;
    readonly batchNorm: boolean;
    readonly bias: boolean;
  },
  pool: (x: Value) => Value,
): Value {
  const { stages, width, batchNorm: normed, bias } = options;
  let x = image;
  stages.forEach((count, at) => {
    const channels = width * Math.min(8, 2 ** at);
    scope(`stage${at + 1}`, () => {
      for (let i = 0; i < count; i++) {
        x = conv(x, channels, { kernel: 3, bias });
        x = relu(normed ? batchNorm(x) : x);
      }
      x = pool(x);
    });
  });
  return x;
}

/**
 * The form that is usual for small images: batch norms, and one linear classifier on the average of the last map. It takes images of any
 * size; a stage that ends with a map of one row or column leaves it as it is. @throws ConfigError for an impossible option
 */
export const vgg = defineBuilder({
  name: 'vgg',
  about: 'five stages of 3×3 convolutions with batch norms, and one linear layer instead of the published three',
  options: {
    depth: vggDepth,
    width: whole({ about: 'channels of the first stage', from: 1, default: 64 }),
  },
  make: ({ depth, width }) => {
    const body = { stages: vggStages(depth), width, batchNorm: true, bias: false };
    return {
      name: `vgg${depth}-cifar${width === 64 ? '' : `-w${width}`}`,
      ...cifar,
      build: (image, { classes }) => {
        const x = vggBody(image, body, (y) => (canHalve(y) ? maxPool(y, { kernel: 2 }) : y));
        return linear(globalAveragePool(x), classes, { name: 'classifier' });
      },
    };
  },
});

export type VggOptions = Parameters<typeof vgg>[0];

const canHalve = ({ type: { shape } }: Value) => shape.slice(2).every((extent) => extent >= 2);

/** The last row is about as large as resnet56. */
// biome-ignore format: a table
export const vggFamily = defineFamily({
  name: 'vgg-cifar',
  paper: 'arXiv:1409.1556',
  title: 'Very Deep Convolutional Networks for Large-Scale Image Recognition (with batch norm, for small images)',
  build: vgg,
  variants: {
    'vgg11-cifar':     { depth: 11 },
    'vgg13-cifar':     { depth: 13 },
    'vgg16-cifar':     { depth: 16 },
    'vgg19-cifar':     { depth: 19 },
    'vgg16-cifar-w16': { depth: 16, width: 16 },
  },
});
