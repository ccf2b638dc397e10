import { expect, it, test } from 'vitest';
import { evaluate } from '../engines/index.ts';
import { densenet, resnet } from '../models/index.ts';
import type { Network } from '../nn/index.ts';
import { predictionProgram } from '../step/index.ts';
import { Random, type Tensor, tensor } from '../tensor/index.ts';
import { type Array64, conv2d, defineProgram, freeze, Graph, initialState, liveNodes, normalise } from './index.ts';

const image = { channels: 3, height: 8, width: 8 };
const random = new Random('freeze');
const normal = (shape: readonly number[], least = Number.NEGATIVE_INFINITY) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.max(least, random.normal()));

/** A state in which statistics are as far from 0 and 1 as after training. */
function trained(network: Network) {
  const program = predictionProgram({ network, image, classes: 4, batchSize: 2 });
  const state = new Map<string, Tensor>();
  for (const [name, { shape, data }] of initialState(program.graph, 0)) {
    const isVector = shape.length === 1;
    const content = isVector ? normal(shape, name.endsWith('variance') ? 0.2 : undefined) : data;
    state.set(name, tensor('float32', shape, content));
  }
  return { program, state };
}

const wide = (tensors: ReadonlyMap<string, Tensor>) =>
  new Map([...tensors].map(([name, { shape, data }]) => [name, wideOf(shape, data as Float32Array)]));
const wideOf = (shape: readonly number[], data: ArrayLike<number>): Array64 => ({
  shape,
  data: Float64Array.from(data),
});

const networks = [
  resnet({ depth: 8 }),
  resnet({ depth: 8, shortcut: 'B' }),
  densenet({ depth: 10, growth: 4, bottleneck: true, compression: 0.5 }),
];

test.each(networks.map((network) => [network.name, network] as const))(
  'a frozen %s gives the same logits, without state, and without a normalisation that alone reads a convolution',
  (_, network) => {
    const { program, state } = trained(network);
    const frozen = freeze(program, state);
    const inputs = new Map([['image', wideOf([2, 3, 8, 8], normal([2, 3, 8, 8]))]]);
    const logits = (one: typeof program, given: Map<string, Array64>) =>
      evaluate(one, inputs, given).outputs.get('logits')?.data ?? new Float64Array();
    expect(logits(frozen, new Map())).toBeClose(logits(program, wide(state)), { relative: 1e-5, absolute: 1e-5 });
    expect(frozen.graph.state.size).toBe(0);
    expect(frozen.frozen).toBe(true);
    const readers = liveNodes(frozen).flatMap((node) =>
      node.inputs.map((value) => [value.source, node.op.name] as const),
    );
    const after = readers.filter(([source]) => source.kind === 'node' && source.node.op.name === 'conv2d');
    const alone = after.filter(([source]) => after.filter(([other]) => other === source).length === 1);
    expect(alone.map(([, reader]) => reader)).not.toContain('normalise');
  },
);

function convolutionAndNorm() {
  const graph = new Graph({ training: false });
  const x = graph.input('x', { dtype: 'float32', shape: [1, 2, 3, 3] });
  const entry = (name: string, shape: readonly number[]) =>
    graph.entry(name, shape, 'parameter', (s) => normal(s, 0.1));
  const y = conv2d(x, entry('w', [3, 2, 1, 1]));
  const [mean, variance, weight, bias] = ['mean', 'variance', 'weight', 'bias'].map((name) => entry(name, [3]));
  const z = normalise(y, mean!, variance!, weight!, bias!, 1e-5);
  return { graph, y, z, state: initialState(graph, 0) };
}

const namesOf = (program: Parameters<typeof liveNodes>[0]) => liveNodes(program).map(({ op }) => op.name);

it('leaves a normalisation alone whose convolution is read elsewhere too', () => {
  const { graph, y, z, state } = convolutionAndNorm();
  const freezeOf = (outputs: [string, typeof y][]) =>
    namesOf(freeze(defineProgram({ name: 'p', graph, outputs: new Map(outputs), updates: new Map() }), state));
  expect(freezeOf([['z', z]])).toEqual(['conv2d', 'add']);
  expect(
    freezeOf([
      ['y', y],
      ['z', z],
    ]),
  ).toEqual(['conv2d', 'normalise']);
});

it('keeps inputs that nothing reads, so that callers feed what they fed before', () => {
  const { graph, z, state } = convolutionAndNorm();
  graph.input('unused', { dtype: 'float32', shape: [2] });
  const program = defineProgram({ name: 'p', graph, outputs: new Map([['z', z]]), updates: new Map() });
  expect([...freeze(program, state).graph.inputs.keys()]).toEqual(['x', 'unused']);
});

it('refuses a state that does not fit, and a program that changes its state', () => {
  const { graph, z, state } = convolutionAndNorm();
  const program = { name: 'p', graph, outputs: new Map([['z', z]]), updates: new Map() };
  state.delete('w');
  expect(() => freeze(program, state)).toThrow('freeze: expected `w` to be float32 [3, 2, 1, 1], but got nothing');
  state.set('w', tensor('float32', [3, 2], normal([3, 2])));
  expect(() => freeze(program, state)).toThrow('but got float32 [3, 2]');
  const entry = graph.state.get('mean');
  expect(() => freeze({ ...program, updates: new Map([['mean', entry!]]) }, state)).toThrow(
    'freeze: p changes its state',
  );
});
