/**
 * Batch normalisation (Ioffe and Szegedy 2015, arXiv 1502.03167, algorithm 1) in its parts: the statistics of a batch, and the
 * normalisation by given statistics. In a dense block a feature's statistics are the same for all later layers.
 */
import { formatShape, type Shape, ShapeError, sizeOf } from '../../tensor/index.ts';
import { applyOne, applyOp } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp, type TensorType } from '../op.ts';
import { add, divide, multiply, subtract } from './arithmetic.ts';
import { expectFloat } from './pointwise.ts';
import { sqrt } from './unary.ts';
import { pixelwise } from './window.ts';

export interface NormaliseAttributes {
  readonly epsilon: number;
}

/** Visits every element of x [N, C, …] with its channel. */
function forEachInChannel(shape: Shape, visit: (index: number, channel: number) => void): void {
  const [batch, channels] = shape as [number, number];
  const area = sizeOf(shape.slice(2));
  for (let n = 0, i = 0; n < batch; n++)
    for (let c = 0; c < channels; c++) for (let k = 0; k < area; k++) visit(i++, c);
}

const addTo = (data: Float64Array, index: number, amount: number) => {
  data[index] = (data[index] as number) + amount;
};

const count = (x: Shape) => sizeOf(x) / (x[1] as number);

export interface StatisticsAttributes {
  /**
   * Numbers per channel of which x holds some, where others measure the rest: mean and variance, the latter about x's own mean, are then x's
   * shares of them, Σ x / count and Σ (x − mean of x)² / count. Default: x holds all.
   */
  readonly count?: number;
}

/** How much of all numbers per channel x holds. */
export const shareOfStatistics = (x: Shape, attributes: StatisticsAttributes): number =>
  count(x) / (attributes.count ?? count(x));
const perChannel = (x: TensorType): TensorType => ({ dtype: x.dtype, shape: [x.shape[1] as number] });

function checkChannels(where: string, x: TensorType, vectors: Record<string, TensorType>): void {
  expectFloat(where, 'x', x);
  if (x.shape.length < 2)
    throw new ShapeError(`${where}: expected \`x\` to be [N, C, …], but it is ${formatShape(x.shape)}`);
  for (const [name, { shape }] of Object.entries(vectors))
    if (shape.length !== 1 || shape[0] !== x.shape[1])
      throw new ShapeError(
        `${where}: expected \`${name}\` to be [${x.shape[1]}], one number per channel of x ${formatShape(x.shape)}, but it is ${formatShape(shape)}`,
      );
}

export const batchStatisticsOp = defineOp({
  name: 'batchStatistics',
  inputs: ['x'],
  outputs: ['mean', 'variance'],
  infer: ([x], attributes: StatisticsAttributes) => {
    checkChannels('batchStatistics', x, {});
    const { count: all } = attributes;
    if (all !== undefined && !(Number.isSafeInteger(all) && all >= count(x.shape)))
      throw new ShapeError(
        `batchStatistics: expected \`count\` to be a whole number of at least ${count(x.shape)}, the numbers per channel of x ${formatShape(x.shape)}, but it is ${all}`,
      );
    return [perChannel(x), perChannel(x)];
  },
  evaluate: ([x], [mean, variance], attributes) => {
    const n = count(x.shape);
    const share = shareOfStatistics(x.shape, attributes);
    forEachInChannel(x.shape, (i, c) => addTo(mean.data, c, (x.data[i] as number) / n));
    forEachInChannel(x.shape, (i, c) =>
      addTo(variance.data, c, ((x.data[i] as number) - (mean.data[c] as number)) ** 2 / n),
    );
    for (const { data } of [mean, variance])
      for (let c = 0; c < data.length; c++) data[c] = (data[c] as number) * share;
  },
  gradient: {
    // dx = dmean / n + (x − mean) · 2 dvariance / n: a normalisation with other numbers
    x: ({ inputs: [x], outputs: [mean], cotangents: [dmean, dvariance], attributes: { count: all } }) => {
      const own = count(x.type.shape);
      const n = all ?? own;
      // both are whole numbers, of which float32 holds what their quotient would lose
      const centre = all === undefined ? mean : divide(multiply(mean, all), own);
      const ones = x.graph.constant(1, mean.type.shape);
      return normalise(x, centre, ones, multiply(dvariance, 2 / n), multiply(dmean, 1 / n), 0);
    },
  },
  recompute: 'never',
  samples: [
    { inputs: [[4, 3, 2, 2]], attributes: {} },
    { inputs: [[6, 2]], attributes: {} },
    // neighbouring float32 numbers are 6e-5 apart at 1000
    { inputs: [{ shape: [8, 3, 8, 8], values: { mean: 1e3, deviation: 1 } }], attributes: {}, absolute: 1e-4 },
    { inputs: [{ shape: [8, 3, 4, 4], values: { mean: 0, deviation: 1e-4 } }], attributes: {}, absolute: 1e-11 },
    { inputs: [{ shape: [8, 3, 4, 4], values: { mean: 0, deviation: 1e4 } }], attributes: {}, absolute: 1e-2 },
    { inputs: [[3, 3, 2, 2]], attributes: { count: 40 } },
    { inputs: [[3, 2]], attributes: { count: 7 } },
    {
      inputs: [{ shape: [3, 3, 8, 8], values: { mean: 1e3, deviation: 1 } }],
      attributes: { count: 640 },
      absolute: 1e-4,
    },
  ],
});

/**
 * Mean and biased variance [C] of each channel of x [N, C, …]; of `count` numbers per channel that x holds only some of, x's share of both.
 * @throws ShapeError
 */
export function batchStatistics(x: Value, attributes: StatisticsAttributes = {}): { mean: Value; variance: Value } {
  const [mean, variance] = applyOp(batchStatisticsOp, [x], attributes) as [Value, Value];
  return { mean, variance };
}

export const normaliseOp = defineOp({
  name: 'normalise',
  inputs: ['x', 'mean', 'variance', 'weight', 'bias'],
  outputs: ['y'],
  infer: ([x, mean, variance, weight, bias], _: NormaliseAttributes) => {
    checkChannels('normalise', x, { mean, variance, weight, bias });
    return [x];
  },
  evaluate: ([x, mean, variance, weight, bias], [y], { epsilon }) => {
    const scale = variance.data.map((v, c) => (weight.data[c] as number) / Math.sqrt(v + epsilon));
    forEachInChannel(x.shape, (i, c) => {
      y.data[i] = ((x.data[i] as number) - (mean.data[c] as number)) * (scale[c] as number) + (bias.data[c] as number);
    });
  },
  gradient: {
    x: ({ inputs: [, , variance, weight], attributes: { epsilon }, cotangents: [dy] }) => {
      const zeros = dy.graph.constant(0, variance.type.shape);
      return normalise(dy, zeros, variance, weight, zeros, epsilon);
    },
    // dmean = −weight / σ · Σ dy
    mean: ({ inputs: [x, mean, variance, weight], attributes: { epsilon }, cotangents: [dy] }) =>
      multiply(divide(multiply(weight, normaliseSums(x, mean, dy).plain), deviation(variance, epsilon)), -1),
    // dvariance = −½ weight / σ³ · Σ dy (x − mean)
    variance: ({ inputs: [x, mean, variance, weight], attributes: { epsilon }, cotangents: [dy] }) => {
      const sigma = deviation(variance, epsilon);
      const product = divide(
        multiply(weight, normaliseSums(x, mean, dy).centred),
        multiply(sigma, add(variance, epsilon)),
      );
      return multiply(product, -0.5);
    },
    // dweight = Σ dy (x − mean) / σ
    weight: ({ inputs: [x, mean, variance], attributes: { epsilon }, cotangents: [dy] }) =>
      divide(normaliseSums(x, mean, dy).centred, deviation(variance, epsilon)),
    bias: ({ inputs: [x, mean], cotangents: [dy] }) => normaliseSums(x, mean, dy).plain,
  },
  affine: ([, mean, variance, weight, bias], { epsilon }) => {
    const scale = divide(weight, deviation(variance, epsilon));
    return { scale, shift: subtract(bias, multiply(mean, scale)) };
  },
  window: (inputs, attributes, index) => pixelwise(inputs, attributes, index),
  recompute: 'dense',
  samples: [
    { inputs: [[4, 3, 2, 2], [3], { shape: [3], values: 'positive' }, [3], [3]], attributes: { epsilon: 1e-5 } },
    { inputs: [[4, 2], [2], { shape: [2], values: 'positive' }, [2], [2]], attributes: { epsilon: 0 } },
    // engines, PyTorch as well, compute x · scale + (bias − mean · scale): two numbers of about 1000, each rounded
    {
      inputs: [
        { shape: [4, 3, 4, 4], values: { mean: 1e4, deviation: 1 } },
        { shape: [3], values: { mean: 1e4, deviation: 1 } },
        { shape: [3], values: 'positive' },
        { shape: [3], values: { mean: 0, deviation: 0.1 } },
        [3],
      ],
      attributes: { epsilon: 1e-5 },
      absolute: 1e-2,
    },
    {
      inputs: [
        { shape: [4, 3, 4, 4], values: { mean: 0, deviation: 1e-4 } },
        { shape: [3], values: { mean: 0, deviation: 1e-4 } },
        { shape: [3], values: { mean: 1e-8, deviation: 1e-9 } },
        [3],
        [3],
      ],
      attributes: { epsilon: 1e-12 },
    },
    {
      inputs: [
        { shape: [4, 3, 4, 4], values: { mean: 0, deviation: 1e4 } },
        { shape: [3], values: { mean: 0, deviation: 1e4 } },
        { shape: [3], values: { mean: 1e8, deviation: 1e7 } },
        [3],
        [3],
      ],
      attributes: { epsilon: 1e-5 },
    },
  ],
});

const deviation = (variance: Value, epsilon: number) => sqrt(add(variance, epsilon));

/** (x − mean) / √(variance + epsilon) · weight + bias, with one number [C] per channel of x [N, C, …]. @throws ShapeError */
export function normalise(x: Value, mean: Value, variance: Value, weight: Value, bias: Value, epsilon: number): Value {
  return applyOne(normaliseOp, [x, mean, variance, weight, bias], { epsilon });
}

/** The two sums over a batch that all per-channel gradients of a normalisation are made of. */
export const normaliseSumsOp = defineOp({
  name: 'normaliseSums',
  inputs: ['x', 'mean', 'dy'],
  outputs: ['plain', 'centred'],
  infer: ([x, mean, dy]) => {
    checkChannels('normaliseSums', x, { mean });
    if (formatShape(dy.shape) !== formatShape(x.shape))
      throw new ShapeError(
        `normaliseSums: expected \`dy\` to be ${formatShape(x.shape)} like \`x\`, but it is ${formatShape(dy.shape)}`,
      );
    return [perChannel(x), perChannel(x)];
  },
  evaluate: ([x, mean, dy], [plain, centred]) => {
    forEachInChannel(x.shape, (i, c) => {
      addTo(plain.data, c, dy.data[i] as number);
      addTo(centred.data, c, (dy.data[i] as number) * ((x.data[i] as number) - (mean.data[c] as number)));
    });
  },
  gradient: { x: 'unsupported', mean: 'unsupported', dy: 'unsupported' },
  recompute: 'never',
  samples: [
    { inputs: [[4, 3, 2, 2], [3], [4, 3, 2, 2]], attributes: {} },
    // x − mean is exact in float32, so 2048 products of about 1 are all that is rounded
    {
      inputs: [
        { shape: [8, 3, 16, 16], values: { mean: 1e4, deviation: 1 } },
        { shape: [3], values: { mean: 1e4, deviation: 1 } },
        [8, 3, 16, 16],
      ],
      attributes: {},
      absolute: 1e-4,
    },
    {
      inputs: [
        { shape: [64, 3], values: { mean: -1e3, deviation: 0.01 } },
        { shape: [3], values: { mean: -1e3, deviation: 0.01 } },
        [64, 3],
      ],
      attributes: {},
    },
  ],
});

/** Σ dy and Σ dy · (x − mean) over all but the channel axis: [C] each. @throws ShapeError */
export function normaliseSums(x: Value, mean: Value, dy: Value): { plain: Value; centred: Value } {
  const [plain, centred] = applyOp(normaliseSumsOp, [x, mean, dy]) as [Value, Value];
  return { plain, centred };
}
