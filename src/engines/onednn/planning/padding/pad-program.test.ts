import { describe, expect, it } from 'vitest';
import { type Hand, smallProgram } from '../../../../../tests/small-program.ts';
import {
  type Array64,
  add,
  concat,
  conv2d,
  defineProgram,
  divide,
  exp,
  Graph,
  initialState,
  type Program,
  relu,
  sum,
  sumOfSquares,
  type Value,
} from '../../../../ir/index.ts';
import { densenet, resnet } from '../../../../models/index.ts';
import type { Network } from '../../../../nn/index.ts';
import { sgd } from '../../../../optimisers/index.ts';
import { predictionProgram, stepProgram } from '../../../../step/index.ts';
import { Random, sizeOf, tensor } from '../../../../tensor/index.ts';
import { evaluate } from '../../../evaluator/evaluate.ts';
import { padPrograms } from './pad-program.ts';
import { gather, type Padding, paddedShape, spread } from './padding.ts';

const step = (network: Network) =>
  stepProgram({
    network,
    image: { channels: 3, height: 8, width: 8 },
    classes: 5,
    batchSize: 3,
    optimiser: sgd({ nesterov: true }),
  });
const small = densenet({ depth: 16, growth: 3, bottleneck: true, compression: 0.6 });

const pad = (program: Program) => {
  const { padded, paddings } = padPrograms(new Map([['it', program]]), 8);
  return { program: padded.get('it') as Program, paddings };
};

const wide = ({ shape, data }: { shape: readonly number[]; data: ArrayLike<number> }): Array64 => ({
  shape,
  data: Float64Array.from(data),
});

function inputsOf({ graph }: Program, random: Random): Map<string, Array64> {
  return new Map(
    [...graph.inputs].map(([name, { type }]) => {
      const draw =
        { labels: () => random.integer(5), weights: () => 1, lr: () => 0.05 }[name] ?? (() => random.normal());
      return [name, { shape: type.shape, data: Float64Array.from({ length: sizeOf(type.shape) }, draw) }];
    }),
  );
}

function expectNear(found: Array64 | undefined, expected: Array64): void {
  expect(found?.shape).toEqual(expected.shape);
  const scale = Math.max(...expected.data.map(Math.abs), 1e-3);
  for (const [i, number] of expected.data.entries())
    expect(Math.abs((found?.data[i] as number) - number)).toBeLessThan(1e-5 * scale);
}

describe('padding of channels', () => {
  it('changes no result of a training step, and its padding stays zero', () => {
    const program = step(small);
    const { program: padded, paddings } = pad(program);
    expect(paddings.size).toBeGreaterThan(20);
    const random = new Random('padding');
    const first = initialState(program.graph, 1);
    let state = new Map<string, Array64>([...first].map(([name, content]) => [name, wide(content)]));
    let other = new Map<string, Array64>(
      [...first].map(([name, content]) => {
        const padding = paddings.get(name);
        return [name, wide((padding ? spread(content, padding) : content) as typeof content)];
      }),
    );
    for (let i = 0; i < 3; i++) {
      const inputs = inputsOf(program, random);
      const [plain, wider] = [evaluate(program, inputs, state), evaluate(padded, inputs, other)];
      for (const [name, output] of plain.outputs) expectNear(wider.outputs.get(name), output);
      [state, other] = [new Map([...state, ...plain.updates]), new Map([...other, ...wider.updates])];
    }
    for (const [name, content] of state) {
      const padding = paddings.get(name);
      const found = other.get(name) as Array64;
      if (!padding) {
        expectNear(found, content);
        continue;
      }
      const narrow = gather(tensor('float32', found.shape, Float32Array.from(found.data)), padding);
      expectNear(wide(narrow as typeof narrow & { data: Float32Array }), content);
      const sumOf = (data: Float32Array) => data.reduce((all, number) => all + Math.abs(number), 0);
      expect(sumOf(Float32Array.from(found.data))).toBeCloseTo(sumOf(narrow.data as Float32Array), 5);
    }
  });

  it('gives each joined part whole blocks where convolutions look around', () => {
    const { program } = pad(step(densenet({ depth: 13, growth: 3, bottleneck: false })));
    const joined = program.graph.nodes.filter(
      ({ op, inputs }) => op.name === 'concat' && inputs[0]?.type.shape.length === 4,
    );
    expect(joined.length).toBeGreaterThan(3);
    for (const { inputs } of joined) for (const { type } of inputs) expect((type.shape[1] as number) % 8).toBe(0);
  });

  it('packs what convolutions of 1×1 read, with padding at its end alone', () => {
    const program = step(small);
    const { paddings } = pad(program);
    const joined = [...program.graph.state].filter(([name]) => name.endsWith('norm1.weight'));
    expect(joined.length).toBeGreaterThan(3);
    for (const [name, { type }] of joined) {
      const [length] = type.shape as [number];
      const room = 8 * Math.ceil(length / 8);
      expect(paddings.get(name) ?? [[{ length, room: length }]], name).toEqual([[{ length, room }]]);
    }
  });

  it('leaves programs alone that join nothing, or only whole blocks', () => {
    const program = step(resnet({ depth: 8 }));
    expect(pad(program)).toEqual({ program, paddings: new Map() });
  });

  it('leaves programs alone where padding would count', () => {
    const graph = new Graph({ training: false });
    const state = ['a', 'b'].map((name) =>
      graph.entry(name, [2, 3, 4, 4], 'parameter', (shape) => new Float32Array(sizeOf(shape))),
    );
    // a sum over the channels
    const outputs = new Map([['y', sum(concat(state), [1])]]);
    const program = defineProgram({ name: 'sum', graph, outputs, updates: new Map() });
    expect(pad(program)).toEqual({ program, paddings: new Map() });
  });

  /** A map [2, 6, 4, 4] that joins what two convolutions made; `use` gives the outputs. */
  const joining = (use: (joined: Value, hand: Hand) => Record<string, Value>) =>
    smallProgram((hand) => {
      const image = hand.input('image', 2, 3, 4, 4);
      const parts = ['a', 'b'].map((name) => conv2d(image, hand.entry(name, 3, 3, 1, 1)));
      return { outputs: use(concat(parts), hand) };
    });
  const read = (joined: Value, { entry }: Hand) => sum(conv2d(joined, entry('c', 5, 6, 3, 3)), [2, 3]);

  it('pads what is joined and read by a convolution', () => {
    const { program, paddings } = pad(joining((joined, hand) => ({ y: read(joined, hand) })));
    expect([...paddings.keys()]).toEqual(['a', 'b', 'c']);
    expect(program.graph.state.get('c')?.type.shape).toEqual([5, 16, 3, 3]);
    expect(program.outputs.get('y')?.type.shape).toEqual([2, 5]);
  });

  it('pads nothing where the joined map is an output, or read by what no rule knows', () => {
    const output = joining((joined, hand) => ({ y: read(joined, hand), joined }));
    expect(pad(output).paddings.size).toBe(0);
    const unknown = joining((joined, hand) => ({ y: read(exp(joined), hand) }));
    expect(pad(unknown).paddings.size).toBe(0);
  });

  it('leaves programs alone where padding would become other numbers than 0', () => {
    const divided = joining((joined, hand) => ({ y: read(divide(joined, hand.entry('d', 2, 6, 4, 4)), hand) }));
    expect(pad(divided).paddings.size).toBe(0);
    const shifted = joining((joined, hand) => ({ y: sumOfSquares(relu(add(joined, 1))), z: read(joined, hand) }));
    expect(pad(shifted).paddings.size).toBe(0);
  });

  it('pads all programs of a state alike, or none', () => {
    const options = { network: small, image: { channels: 3, height: 8, width: 8 }, classes: 5, batchSize: 2 } as const;
    const [training, prediction] = [step(small), predictionProgram(options)];
    const both = padPrograms(
      new Map([
        ['train', training],
        ['predict', prediction],
      ]),
      8,
    );
    expect(both.paddings).toEqual(pad(training).paddings);
    for (const [name, value] of both.padded.get('predict')?.graph.state ?? []) {
      const padding = both.paddings.get(name);
      if (padding) expect(value.type.shape).toEqual(paddedShape(padding));
    }
  });
});

it('puts content into its padding and takes it out again', () => {
  const padding: Padding = [
    [
      { length: 1, room: 2 },
      { length: 1, room: 1 },
    ],
    [{ length: 2, room: 3 }],
  ];
  const content = tensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4));
  const padded = spread(content, padding);
  expect(padded).toEqual({ dtype: 'float32', shape: [3, 3], data: Float32Array.of(1, 2, 0, 0, 0, 0, 3, 4, 0) });
  expect(gather(padded, padding)).toEqual(content);
});
