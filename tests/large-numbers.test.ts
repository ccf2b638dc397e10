/**
 * Batch norms whose input is far from mean 0 and deviation 1, as of pixels of 0 to 255 or raw measurements: as near the float64 evaluator
 * as PyTorch comes, or within what the mean's rounding to float32 explains. PyTorch 1.13 on such numbers, with sums in float64, was off by
 * 1.5e-7, 5e-6 and 1.3e-4 of the largest number in maps and by 3e-7, 3e-5 and 4e-4 in sums for the first three rows: it keeps the mean as
 * float32, and computes x · scale + (bias − mean · scale).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradients } from '../src/autodiff/index.ts';
import { type Executable, evaluate } from '../src/engines/index.ts';
import { add, concat, defineProgram, Graph, multiply, type Program, relu, sum, type Value } from '../src/ir/index.ts';
import { batchNorm } from '../src/nn/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../src/tensor/index.ts';
import { enginesHere } from './engines-here.ts';

const half = [16, 8, 16, 16] as const;

function normal(name: string, of: readonly number[], mean = 0, deviation = 1): Tensor<'float32'> {
  const random = new Random(name);
  const numbers = Float32Array.from({ length: sizeOf(of) }, () => mean + deviation * random.normal());
  return tensor('float32', of, numbers);
}

type Norm = (x: Value) => Value;

/** What networks do around a batch norm: `a` and `b` are two maps of half the channels. */
const uses: Readonly<Record<string, (a: Value, b: Value, norm: Norm) => Value>> = {
  alone: (a, _, norm) => norm(a),
  'with a rectifier': (a, _, norm) => relu(norm(a)),
  'beside a shortcut': (a, _, norm) => add(relu(norm(a)), multiply(a, 1e-3)),
  'of a concatenation': (a, b, norm) => norm(concat([a, b], 1)),
  'of a concatenation, again': (a, b, norm) => {
    const joined = concat([a, b], 1);
    const between = relu(norm(joined));
    return norm(concat([joined, multiply(between, between)], 1));
  },
};

/** Outputs: y, and the gradients of Σ y · a random map by both inputs and by the parameters. */
function stepOf(use: (typeof uses)[string]): Program {
  const graph = new Graph({ training: true });
  const [a, b] = ['a', 'b'].map((name) => graph.input(name, { dtype: 'float32', shape: half })) as [Value, Value];
  const y = use(a, b, batchNorm);
  const loss = sum(multiply(y, graph.constant(normal('direction', y.type.shape))));
  const wrt = [a, b, ...graph.state.values()].filter(
    ({ source }) => source.kind !== 'state' || source.role === 'parameter',
  );
  const found = gradients(loss, wrt).map((gradient, i) => [`d${i}`, gradient] as const);
  return defineProgram({ name: 'norm', graph, outputs: new Map([['y', y], ...found]), updates: graph.updates });
}

const [weight, bias] = [1.5, 8];

/** So far above 0 that every rectifier lets all through: near 0, rounding would decide. */
const stateOf = ({ graph }: Program): Map<string, Tensor<'float32'>> =>
  new Map(
    [...graph.state].map(([name, { type }]) => {
      const number = name.endsWith('.weight') ? weight : name.endsWith('.bias') ? bias : name.endsWith('.mean') ? 0 : 1;
      return [name, tensor('float32', type.shape, new Float32Array(sizeOf(type.shape)).fill(number))];
    }),
  );

const wide = (tensors: ReadonlyMap<string, Tensor>) =>
  new Map([...tensors].map(([name, t]) => [name, { shape: t.shape, data: Float64Array.from(t.data as Float32Array) }]));

/** The largest difference as a share of the largest number. */
function distance(given: ArrayLike<number> | undefined, expected: Float64Array): number {
  expect(given?.length).toBe(expected.length);
  const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const off = expected.reduce((most, v, i) => Math.max(most, Math.abs(v - (given?.[i] as number))), 0);
  return largest === 0 ? off : off / largest;
}

const programs = Object.fromEntries(Object.entries(uses).map(([name, use]) => [name, stepOf(use)]));

/** With what maps may be off by, and gradients of parameters and statistics, which are sums over maps. */
const magnitudes: readonly (readonly [mean: number, deviation: number, maps: number, sums: number])[] = [
  [120, 60, 1e-6, 1e-5],
  [1000, 1, 5e-5, 1e-4],
  [-10_000, 1, 5e-4, 1e-3],
  [0, 1e-3, 2e-6, 1e-4],
  [0, 1e4, 2e-6, 1e-5],
];

describe.each(enginesHere)('$name', (engine) => {
  const executables = new Map<string, Executable>();
  beforeAll(async () => {
    for (const [name, program] of Object.entries(programs))
      executables.set(name, await engine.compile({ step: program }));
  });
  afterAll(async () => {
    for (const executable of executables.values()) await executable.dispose();
  });

  describe.each(Object.entries(programs))('a batch norm %s', (name, program) => {
    it.each(magnitudes)(
      'of mean %d and deviation %d is as accurate as PyTorch',
      async (mean, deviation, maps, sums) => {
        const inputs = new Map(['a', 'b'].map((input) => [input, normal(input, half, mean, deviation)]));
        const state = stateOf(program);
        const executable = executables.get(name) as Executable;
        await executable.load(state);
        const given = await executable.run('step', inputs);
        const after = await executable.read([...program.updates.keys()]);
        const { outputs, updates } = evaluate(program, wide(inputs), wide(state));
        const off: Record<string, number> = {};
        for (const [output, { data }] of outputs) off[output] = distance(given.get(output)?.data as Float32Array, data);
        for (const [entry, { data }] of updates) off[entry] = distance(after.get(entry)?.data as Float32Array, data);
        // oneDNN finds means to a few float32 steps; of two norms, the first's gradients are differences of nearly equal sums
        const wider = engine.name === 'onednn' || name.endsWith('again') ? 10 : 1;
        for (const [output, share] of Object.entries(off)) {
          const limit = ['y', 'd0', 'd1'].includes(output) ? maps : wider * sums;
          expect(share, output).toBeLessThan(limit);
        }
      },
    );
  });
});
