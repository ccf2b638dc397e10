/** Two-dimensional convolution and its two gradients; each of the three is bilinear and differentiates into the other two. */
import { formatShape, type Shape, ShapeError, sizeOf } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp, type TensorType } from '../op.ts';
import { multiply } from './arithmetic.ts';
import {
  type ConvAttributes,
  convSamples,
  inputGradientSamples,
  plain,
  weightGradientSamples,
} from './conv2d-samples.ts';
import { expectFloat } from './pointwise.ts';
import { reshape } from './reshape.ts';
import { forEachTap, type Pair, type Window, windowOutput } from './window.ts';

/** The gradient ops also need the extents that a stride makes ambiguous: height and width of the image, or of the kernel. */
type InputGradientAttributes = ConvAttributes & { readonly size: Pair };
type WeightGradientAttributes = ConvAttributes & { readonly kernel: Pair };

const kernelOf = (weight: Shape): Pair => [weight[2] as number, weight[3] as number];
const sizeOfImage = (x: Shape): Pair => [x[2] as number, x[3] as number];

/** Multiply-adds that share an element of y: `count` of them, one for each channel of a group, from flat offsets into x and weight on. */
interface Products {
  readonly count: number;
  readonly xStep: number;
  readonly weightStep: number;
}

/** Visits all multiply-adds of a convolution; a visitor of each alone would take three times as long. */
function forEachProducts(
  x: Shape,
  weight: Shape,
  y: Shape,
  attributes: ConvAttributes,
  visit: (x: number, weight: number, y: number, products: Products) => void,
): void {
  const window: Window = { ...attributes, kernel: kernelOf(weight) };
  const [batch, outputs] = y as [number, number];
  const [inputs, count] = [x[1] as number, weight[1] as number];
  const [xStep, weightStep, yArea] = [sizeOf(x.slice(2)), sizeOf(weight.slice(2)), sizeOf(y.slice(2))];
  const products: Products = { count, xStep, weightStep };
  forEachTap(sizeOfImage(y), sizeOfImage(x), window, (out, at, tap) => {
    for (let n = 0; n < batch; n++)
      for (let o = 0; o < outputs; o++) {
        const group = Math.floor((o * attributes.groups) / outputs);
        visit(
          (n * inputs + group * count) * xStep + at,
          o * count * weightStep + tap,
          (n * outputs + o) * yArea + out,
          products,
        );
      }
  });
}

function checkChannels(where: string, x: Shape, weight: Shape, groups: number): void {
  if (x[1] !== (weight[1] as number) * groups)
    throw new ShapeError(
      `${where}: \`x\` has ${x[1]} channels but \`weight\` expects ${(weight[1] as number) * groups} (x ${formatShape(x)}, weight ${formatShape(weight)}, groups ${groups})`,
    );
  if ((weight[0] as number) % groups !== 0)
    throw new ShapeError(`${where}: ${weight[0]} output channels do not divide into ${groups} groups`);
}

const products = (weight: TensorType, y: TensorType) => sizeOf(weight.shape.slice(1)) * sizeOf(y.shape);

export const conv2dOp = defineOp({
  name: 'conv2d',
  inputs: ['x', 'weight'],
  outputs: ['y'],
  infer: ([x, weight], attributes: ConvAttributes) => {
    expectFloat('conv2d', 'x', x, 4);
    expectFloat('conv2d', 'weight', weight, 4);
    checkChannels('conv2d', x.shape, weight.shape, attributes.groups);
    const size = windowOutput('conv2d', x.shape, { ...attributes, kernel: kernelOf(weight.shape) });
    return [{ dtype: x.dtype, shape: [x.shape[0] as number, weight.shape[0] as number, ...size] }];
  },
  evaluate: ([x, weight], [y], attributes) => {
    const [from, by, to] = [x.data, weight.data, y.data];
    forEachProducts(x.shape, weight.shape, y.shape, attributes, (i, w, o, { count, xStep, weightStep }) => {
      let total = to[o] as number;
      for (let c = 0; c < count; c++) total += (from[i + c * xStep] as number) * (by[w + c * weightStep] as number);
      to[o] = total;
    });
  },
  gradient: {
    x: ({ inputs: [x, weight], attributes, cotangents: [dy] }) =>
      conv2dInputGradient(dy, weight, { ...attributes, size: sizeOfImage(x.type.shape) }),
    weight: ({ inputs: [x, weight], attributes, cotangents: [dy] }) =>
      conv2dWeightGradient(x, dy, { ...attributes, kernel: kernelOf(weight.type.shape) }),
  },
  macs: ([, weight], [y]) => products(weight, y),
  window: ([, weight], attributes, index) =>
    index === 0 ? { ...attributes, kernel: kernelOf(weight.shape) } : undefined,
  scaleChannels: ([x, weight], scale, attributes) =>
    conv2d(x, multiply(weight, reshape(scale, [-1, 1, 1, 1])), attributes),
  recompute: 'never',
  samples: convSamples,
});

/**
 * Cross-correlation of x [N, C, H, W] with weight [O, C / groups, kernelH, kernelW], as every deep-learning library calls convolution.
 * @throws ShapeError where channels or extents do not fit
 */
export function conv2d(x: Value, weight: Value, attributes: Partial<ConvAttributes> = {}): Value {
  return applyOne(conv2dOp, [x, weight], { ...plain, ...attributes });
}

export const conv2dInputGradientOp = defineOp({
  name: 'conv2dInputGradient',
  inputs: ['dy', 'weight'],
  outputs: ['dx'],
  infer: ([dy, weight], attributes: InputGradientAttributes) => {
    expectFloat('conv2dInputGradient', 'dy', dy, 4);
    const shape = [dy.shape[0] as number, (weight.shape[1] as number) * attributes.groups, ...attributes.size];
    checkGradient('conv2dInputGradient', shape, weight.shape, dy.shape, attributes);
    return [{ dtype: dy.dtype, shape }];
  },
  evaluate: ([dy, weight], [dx], attributes) => {
    const [from, by, to] = [dy.data, weight.data, dx.data];
    forEachProducts(dx.shape, weight.shape, dy.shape, attributes, (i, w, o, { count, xStep, weightStep }) => {
      const factor = from[o] as number;
      for (let c = 0; c < count; c++) to[i + c * xStep]! += factor * (by[w + c * weightStep] as number);
    });
  },
  gradient: {
    dy: ({ inputs: [, weight], attributes: { size: _, ...attributes }, cotangents: [ddx] }) =>
      conv2d(ddx, weight, attributes),
    weight: ({ inputs: [dy, weight], attributes: { size: _, ...attributes }, cotangents: [ddx] }) =>
      conv2dWeightGradient(ddx, dy, { ...attributes, kernel: kernelOf(weight.type.shape) }),
  },
  macs: ([dy, weight]) => products(weight, dy),
  recompute: 'never',
  samples: inputGradientSamples,
});

/** The gradient of `conv2d` by x, for an x of height and width `size`: dy [N, O, …] to [N, C, ...size]. @throws ShapeError */
export function conv2dInputGradient(dy: Value, weight: Value, attributes: InputGradientAttributes): Value {
  return applyOne(conv2dInputGradientOp, [dy, weight], attributes);
}

export const conv2dWeightGradientOp = defineOp({
  name: 'conv2dWeightGradient',
  inputs: ['x', 'dy'],
  outputs: ['dweight'],
  infer: ([x, dy], attributes: WeightGradientAttributes) => {
    expectFloat('conv2dWeightGradient', 'x', x, 4);
    expectFloat('conv2dWeightGradient', 'dy', dy, 4);
    const shape = [dy.shape[1] as number, (x.shape[1] as number) / attributes.groups, ...attributes.kernel];
    checkGradient('conv2dWeightGradient', x.shape, shape, dy.shape, attributes);
    return [{ dtype: x.dtype, shape }];
  },
  evaluate: ([x, dy], [dweight], attributes) => {
    const [from, by, to] = [x.data, dy.data, dweight.data];
    forEachProducts(x.shape, dweight.shape, dy.shape, attributes, (i, w, o, { count, xStep, weightStep }) => {
      const factor = by[o] as number;
      for (let c = 0; c < count; c++) to[w + c * weightStep]! += (from[i + c * xStep] as number) * factor;
    });
  },
  gradient: {
    x: ({ inputs: [x, dy], attributes: { kernel: _, ...attributes }, cotangents: [dweight] }) =>
      conv2dInputGradient(dy, dweight, { ...attributes, size: sizeOfImage(x.type.shape) }),
    dy: ({ inputs: [x], attributes: { kernel: _, ...attributes }, cotangents: [dweight] }) =>
      conv2d(x, dweight, attributes),
  },
  macs: ([, dy], [dweight]) => products(dweight, dy),
  recompute: 'never',
  samples: weightGradientSamples,
});

/** The gradient of `conv2d` by a weight of height and width `kernel`: x and dy to [O, C / groups, ...kernel]. @throws ShapeError */
export function conv2dWeightGradient(x: Value, dy: Value, attributes: WeightGradientAttributes): Value {
  return applyOne(conv2dWeightGradientOp, [x, dy], attributes);
}

/** @throws ShapeError unless a convolution of x by weight gives the shape of dy */
function checkGradient(where: string, x: Shape, weight: Shape, dy: Shape, attributes: ConvAttributes): void {
  checkChannels(where, x, weight, attributes.groups);
  const expected = [x[0], weight[0], ...windowOutput(where, x, { ...attributes, kernel: kernelOf(weight) })];
  if (expected.some((extent, axis) => extent !== dy[axis]))
    throw new ShapeError(`${where}: expected \`dy\` to be [${expected.join(', ')}], but it is ${formatShape(dy)}`);
}
