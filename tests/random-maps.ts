/** Random small programs with convolutions, pooling, batch norms and joined channels, as a network and its gradient have them. */
import fc from 'fast-check';
import { gradients } from '../src/autodiff/index.ts';
import {
  add,
  averagePool2d,
  batchStatistics,
  type ConvAttributes,
  concat,
  conv2d,
  defineProgram,
  divide,
  Graph,
  liveNodes,
  maxPool2d,
  multiply,
  normalise,
  type Pair,
  type PoolAttributes,
  type Program,
  pad,
  relu,
  slice,
  subtract,
  sum,
  type Value,
} from '../src/ir/index.ts';
import { Random, type Shape, sizeOf, type Tensor, tensor } from '../src/tensor/index.ts';

const from = (min: number, max: number) => fc.integer({ min, max });
const pair = (of: fc.Arbitrary<number>): fc.Arbitrary<Pair> => fc.tuple(of, of);
/** Few, blocks of 8 and 16, and those that do not fill blocks. */
const channels = fc.oneof(from(1, 20), fc.constantFrom(8, 12, 15, 16, 17, 24, 31, 32, 33, 40, 48));
const batch = from(1, 5);
const extent = from(1, 9);

/** Where the map comes from: an input as it was fed, or a convolution, whose layout the library chose. */
const before = fc.option(channels, { nil: undefined });

interface MapCase {
  readonly shape: Shape;
  /** Channels of the image, if a convolution of single pixels makes the map. */
  readonly before: number | undefined;
}

const mapCase: fc.Arbitrary<MapCase> = fc
  .record({ batch, channels, height: extent, width: extent, before })
  .map(({ batch, channels, height, width, before }) => ({ shape: [batch, channels, height, width], before }));

export interface ConvolutionCase {
  readonly shape: Shape;
  readonly outputs: number;
  readonly kernel: Pair;
  readonly attributes: ConvAttributes;
}

const groups = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ groups: 1, inputs: 0, outputs: 0 }) },
  { weight: 1, arbitrary: fc.record({ groups: from(2, 5), inputs: from(1, 9), outputs: from(1, 9) }) },
  // groups that fill blocks, and single channels
  { weight: 1, arbitrary: fc.record({ groups: fc.constantFrom(2, 16, 17), inputs: from(1, 1), outputs: from(1, 2) }) },
  { weight: 1, arbitrary: fc.record({ groups: from(2, 3), inputs: fc.constant(16), outputs: fc.constant(16) }) },
);

const tooMuch = 200_000;

export const convolutionCase: fc.Arbitrary<ConvolutionCase> = fc
  .record({
    batch,
    inputs: channels,
    outputs: channels,
    size: pair(extent),
    kernel: pair(from(1, 5)),
    stride: pair(from(1, 3)),
    padding: pair(from(0, 2)),
    dilation: fc.oneof(fc.constant<Pair>([1, 1]), pair(from(1, 3))),
    split: groups,
  })
  .map(({ batch, inputs, outputs, size, kernel, stride, padding, dilation, split }) => ({
    shape: [batch, split.groups === 1 ? inputs : split.groups * split.inputs, ...size],
    outputs: split.groups === 1 ? outputs : split.groups * split.outputs,
    kernel,
    attributes: { stride, padding, dilation, groups: split.groups },
  }))
  .filter(({ shape, outputs, kernel, attributes }) => {
    const { padding, dilation, groups } = attributes;
    const fits = [0, 1].every(
      (i) =>
        (shape[i + 2] as number) + 2 * (padding[i] as number) >=
        (dilation[i] as number) * ((kernel[i] as number) - 1) + 1,
    );
    return fits && (sizeOf(shape) * outputs * kernel[0] * kernel[1]) / groups <= tooMuch;
  });

export interface PoolingCase extends MapCase {
  readonly kind: 'max' | 'average';
  readonly attributes: PoolAttributes;
}

export const poolingCase: fc.Arbitrary<PoolingCase> = fc
  .record({
    map: mapCase,
    kind: fc.constantFrom('max' as const, 'average' as const),
    kernel: pair(from(1, 5)),
    stride: pair(from(1, 3)),
    padding: pair(from(0, 2)),
  })
  .map(({ map, kind, kernel, stride, padding }) => ({ ...map, kind, attributes: { kernel, stride, padding } }))
  .filter(({ shape, attributes: { kernel, padding } }) =>
    [0, 1].every((i) => {
      const [size, reach, edge] = [shape[i + 2], kernel[i], padding[i]] as [number, number, number];
      return edge * 2 <= reach && size + 2 * edge >= reach;
    }),
  );

export interface NormalisationCase extends MapCase {
  readonly rectified: boolean;
  /** Whether mean and variance are inputs, instead of the batch's own. */
  readonly given: boolean;
  readonly epsilon: number;
}

export const normalisationCase: fc.Arbitrary<NormalisationCase> = fc
  .record({
    map: mapCase,
    rectified: fc.boolean(),
    given: fc.boolean(),
    epsilon: fc.constantFrom(1e-5, 1e-3, 0),
  })
  .map(({ map, ...rest }) => ({ ...map, ...rest }))
  // of a few numbers the variance may be next to nothing, and then the gradient is all rounding
  .filter(({ shape: [n = 0, , h = 0, w = 0] }) => n * h * w >= 8);

/** A batch norm of which two values between are outputs too. */
export interface OpenedCase {
  readonly norm: NormalisationCase;
  readonly picks: readonly [number, number];
}

export const openedCase: fc.Arbitrary<OpenedCase> = fc.record({
  norm: normalisationCase,
  picks: fc.tuple(fc.nat(40), fc.nat(40)),
});

export interface JoiningCase {
  /** Each part's channels, and those of the image it is made of by a convolution, if it is. */
  readonly parts: readonly { readonly channels: number; readonly before: number | undefined }[];
  readonly shape: Shape;
  readonly cuts: readonly { readonly start: number; readonly length: number }[];
}

export const joiningCase: fc.Arbitrary<JoiningCase> = fc
  .record({
    parts: fc.array(fc.record({ channels, before }), { minLength: 1, maxLength: 4 }),
    batch,
    size: pair(extent),
    places: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 3 }),
  })
  .map(({ parts, batch, size, places }) => {
    const all = parts.reduce((sum, part) => sum + part.channels, 0);
    const cuts = places.map(([at, length, isAligned]) => {
      const start = isAligned ? 16 * Math.floor((at % all) / 16) : at % all;
      const most = all - start;
      return {
        start,
        length: isAligned && most >= 16 ? 16 * (1 + (length % Math.floor(most / 16))) : 1 + (length % most),
      };
    });
    return { parts, shape: [batch, all, ...size], cuts };
  });

/** Joins one upon another, of the first channels of maps that fill blocks. */
export interface PackingCase {
  readonly shape: Shape;
  readonly parts: readonly { readonly channels: number; readonly before: number | undefined }[];
}

export const packingCase: fc.Arbitrary<PackingCase> = fc
  .record({
    parts: fc.array(fc.record({ channels: from(1, 40), before }), { minLength: 2, maxLength: 5 }),
    batch,
    size: pair(extent),
  })
  .map(({ parts, batch, size }) => ({ parts, shape: [batch, 0, ...size] }));

export interface ShortcutCase extends MapCase {
  readonly steps: Pair;
  readonly padding: Pair;
}

export const shortcutCase: fc.Arbitrary<ShortcutCase> = fc
  .record({ map: mapCase, steps: pair(from(1, 3)), padding: pair(from(0, 17)) })
  .map(({ map, ...rest }) => ({ ...map, ...rest }))
  .filter(({ steps, padding }) => Math.max(...steps) > 1 || Math.max(...padding) > 0);

/** A map with a tensor that repeats along some of its axes, before or behind it. */
export interface RepetitionCase extends MapCase {
  readonly operation: keyof typeof operations;
  /** Axes along which the other one has a single number; if the first ones, they may be missing. */
  readonly repeated: readonly boolean[];
  readonly isShort: boolean;
  readonly isFirst: boolean;
  readonly summed: readonly boolean[];
}

const operations = { add, subtract, multiply, divide } as const;
const ofAxes = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });

export const repetitionCase: fc.Arbitrary<RepetitionCase> = fc
  .record({
    map: mapCase,
    operation: fc.constantFrom(...(Object.keys(operations) as (keyof typeof operations)[])),
    // one number for each channel, for each channel of an image, for each image; or anything
    repeated: fc.oneof(
      fc.constantFrom([true, false, true, true], [false, false, true, true], [false, true, true, true]),
      ofAxes,
    ),
    isShort: fc.boolean(),
    isFirst: fc.boolean(),
    summed: fc.oneof(fc.constant([true, false, true, true]), ofAxes),
  })
  .map(({ map, ...rest }) => ({ ...map, ...rest }));

/** A program with its inputs: results, and gradients of a random mixture of them by every input. */
export interface Sampled {
  readonly program: Program;
  readonly inputs: ReadonlyMap<string, Tensor>;
}

class Sampler {
  readonly #graph = new Graph({ training: true });
  readonly #random: Random;
  readonly #inputs = new Map<string, Tensor>();
  readonly #values: Value[] = [];

  constructor(seed: string) {
    this.#random = new Random(seed);
  }

  input(shape: Shape, number: (random: Random) => number = (random) => random.normal()): Value {
    const name = `x${this.#inputs.size}`;
    const numbers = Float32Array.from({ length: sizeOf(shape) }, () => number(this.#random));
    this.#inputs.set(name, tensor('float32', shape, numbers));
    const value = this.#graph.input(name, { dtype: 'float32', shape });
    this.#values.push(value);
    return value;
  }

  map([batch, channels, ...size]: Shape, before: number | undefined): Value {
    if (before === undefined) return this.input([batch as number, channels as number, ...size]);
    const image = this.input([batch as number, before, ...size]);
    return conv2d(
      image,
      this.input([channels as number, before, 1, 1], (random) => random.normal() / Math.sqrt(before)),
    );
  }

  finish(outputs: readonly Value[]): Sampled {
    const wrt = [...this.#values];
    const parts = outputs.map((output) => sum(multiply(output, this.input(output.type.shape))));
    const loss = parts.reduce((a, b) => add(a, b));
    const named = [
      ...outputs.map((output, i) => [`y${i}`, output] as const),
      ...gradients(loss, wrt).map((gradient, i) => [`d${i}`, gradient] as const),
    ];
    const program = defineProgram({ name: 'sample', graph: this.#graph, outputs: new Map(named), updates: new Map() });
    return { program, inputs: this.#inputs };
  }
}

const seedOf = (sample: object) => JSON.stringify(sample);

export function convolution(sample: ConvolutionCase): Sampled {
  const { shape, outputs, kernel, attributes } = sample;
  const sampler = new Sampler(seedOf(sample));
  const x = sampler.input(shape);
  const weight = sampler.input([outputs, (shape[1] as number) / attributes.groups, ...kernel]);
  return sampler.finish([conv2d(x, weight, attributes)]);
}

export function pooling(sample: PoolingCase): Sampled {
  const sampler = new Sampler(seedOf(sample));
  const pool = sample.kind === 'max' ? maxPool2d : averagePool2d;
  return sampler.finish([pool(sampler.map(sample.shape, sample.before), sample.attributes)]);
}

export function normalisation(sample: NormalisationCase): Sampled {
  const sampler = new Sampler(seedOf(sample));
  const x = sampler.map(sample.shape, sample.before);
  const vector = [sample.shape[1] as number];
  const positive = (random: Random) => 0.5 + random.uniform();
  const { mean, variance } = sample.given
    ? { mean: sampler.input(vector), variance: sampler.input(vector, positive) }
    : batchStatistics(x);
  const weight = sampler.input(vector, positive);
  const y = normalise(x, mean, variance, weight, sampler.input(vector), sample.epsilon);
  return sampler.finish([sample.rectified ? relu(y) : y]);
}

export function opened({ norm, picks }: OpenedCase): Sampled {
  const { program, inputs } = normalisation(norm);
  const between = liveNodes(program).flatMap(({ outputs }) => outputs);
  const more = picks.map((pick) => [`between${pick}`, between[pick % between.length] as Value] as const);
  return { program: { ...program, outputs: new Map([...program.outputs, ...more]) }, inputs };
}

export function joining(sample: JoiningCase): Sampled {
  const { parts, shape, cuts } = sample;
  const sampler = new Sampler(seedOf(sample));
  const [batch, , ...size] = shape as [number, number, number, number];
  const joined = concat(parts.map(({ channels, before }) => sampler.map([batch, channels, ...size], before)));
  return sampler.finish([
    joined,
    ...cuts.map(({ start, length }) => slice(joined, { axes: [1], starts: [start], stops: [start + length] })),
  ]);
}

/** As padded programs join without gaps: padding is cut off, the rest joined and padded once, again and again; then each part is cut out. */
export function packing(sample: PackingCase): Sampled {
  const { parts, shape } = sample;
  const sampler = new Sampler(seedOf(sample));
  const [batch, , ...size] = shape as [number, number, number, number];
  const room = (channels: number) => 16 * Math.ceil(channels / 16);
  const first = (x: Value, stop: number, start = 0) => slice(x, { axes: [1], starts: [start], stops: [start + stop] });
  const padded = (x: Value, channels: number) =>
    pad(x, { before: [0, 0, 0, 0], after: [0, room(channels) - channels, 0, 0] });
  const maps = parts.map(({ channels, before }) => sampler.map([batch, room(channels), ...size], before));
  const joined: Value[] = [maps[0] as Value];
  let all = parts[0]?.channels as number;
  for (const [i, { channels }] of parts.entries()) {
    if (i === 0) continue;
    const whole = concat([first(joined.at(-1) as Value, all), first(maps[i] as Value, channels)]);
    all += channels;
    joined.push(padded(whole, all));
  }
  const last = joined.at(-1) as Value;
  let at = 0;
  const cuts = parts.map(({ channels }) => {
    at += channels;
    return padded(first(last, channels, at - channels), channels);
  });
  return sampler.finish([...joined.slice(1).map((x) => relu(x)), last, ...cuts]);
}

/** Every n-th pixel, with channels of zeros in front and behind, added to another map. */
export function shortcut(sample: ShortcutCase): Sampled {
  const { shape, before, steps, padding } = sample;
  const sampler = new Sampler(seedOf(sample));
  const [height, width] = shape.slice(2) as [number, number];
  const few = slice(sampler.map(shape, before), { axes: [2, 3], starts: [0, 0], stops: [height, width], steps });
  const [front, behind] = padding.map((channels) => [0, channels, 0, 0]) as [number[], number[]];
  const wide = pad(few, { before: front, after: behind });
  return sampler.finish([add(wide, sampler.map(wide.type.shape, before))]);
}

/** Arithmetic with broadcasting, whose gradients are sums over axes; and a sum. */
export function repetition(sample: RepetitionCase): Sampled {
  const { shape, before, operation, repeated, isShort, isFirst, summed } = sample;
  const sampler = new Sampler(seedOf(sample));
  const map = sampler.map(shape, before);
  const whole = shape.map((extent, axis) => (repeated[axis] ? 1 : extent));
  const begin = isShort ? whole.findIndex((extent) => extent !== 1) : 0;
  // what is divided by stays away from 0
  const small = sampler.input(whole.slice(begin < 0 ? whole.length : begin), (random) => 0.5 + random.uniform());
  const isTurned = isFirst && operation !== 'divide';
  const y = isTurned ? operations[operation](small, map) : operations[operation](map, small);
  const axes = summed.flatMap((isSummed, axis) => (isSummed ? [axis] : []));
  return sampler.finish([y, relu(sum(y, axes))]);
}
