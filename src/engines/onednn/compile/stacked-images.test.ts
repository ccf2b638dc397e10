import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneDnnHere } from '../../../../tests/onednn-here.ts';
import { concat, initialState, type Program, relu, scope, type Value } from '../../../ir/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear, maxPool, type Network } from '../../../nn/index.ts';
import { sgd } from '../../../optimisers/index.ts';
import { stepProgram } from '../../../step/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../../../tensor/index.ts';
import { evaluator } from '../../evaluator/engine.ts';
import { type Library, openLibrary } from '../library/index.ts';
import { Session } from '../session.ts';

const layer = (x: Value, growth: number) => {
  const y = conv(relu(batchNorm(x)), 16, { kernel: 1 });
  return conv(relu(batchNorm(y)), growth, { kernel: 3, padding: 1 });
};
const named = (name: string, growth: number) => (x: Value) => scope(name, () => layer(x, growth));

/** Dense layers of so many channels, on what was joined before. */
const dense = (first: number, [a, b, c, d, e]: readonly [number, number, number, number, number]) =>
  defineNetwork('dense', (image, { classes }) => {
    let x = conv(image, first, { kernel: 3, padding: 1 });
    x = concat([x, named('a', a)(x)]);
    x = concat([x, named('b', b)(x)]);
    x = concat([x, named('c', c)(x)]);
    const kept = scope('transition', () => conv(relu(batchNorm(x)), first, { kernel: 1 }));
    const y = maxPool(kept, { kernel: 2 });
    x = concat([y, named('d', d)(y)]);
    x = concat([x, named('e', e)(x)]);
    return linear(globalAveragePool(relu(scope('last', () => batchNorm(x)))), classes);
  });

/** What was joined is read by convolutions that look around, by poolings, and joined to twice. */
const tangled = (first: number, [a, b, c, d]: readonly [number, number, number, number]) =>
  defineNetwork('tangled', (image, { classes }) => {
    const x = conv(image, first, { kernel: 3, padding: 1 });
    const once = concat([x, named('a', a)(x)]);
    const [one, other] = [named('b', b)(once), named('c', c)(once)];
    const twice = concat([once, one]);
    const again = concat([once, other]);
    const beside = named('e', first)(again);
    const after = named('f', b)(twice);
    const around = scope('around', () => conv(concat([twice, after]), first, { kernel: 3, padding: 1 }));
    const pooled = maxPool(beside, { kernel: 2 });
    const all = concat([maxPool(concat([around, again]), { kernel: 2 }), pooled]);
    return linear(globalAveragePool(relu(scope('last', () => named('d', d)(all)))), classes);
  });

const blocks = { dense: dense(32, [32, 16, 48, 16, 16]), tangled: tangled(16, [32, 16, 16, 16]) };
const pieces = { dense: dense(24, [12, 12, 12, 20, 40]), tangled: tangled(12, [20, 12, 12, 7]) };

const step = (network: Network, recompute: 'none' | 'dense') =>
  stepProgram({
    network,
    image: { channels: 3, height: 6, width: 4 },
    classes: 3,
    batchSize: 3,
    optimiser: sgd(),
    recompute,
  });

function inputsOf({ graph }: Program, random: Random): Map<string, Tensor> {
  const image = graph.inputs.get('image')?.type.shape as readonly number[];
  return new Map<string, Tensor>([
    [
      'image',
      tensor(
        'float32',
        image,
        Float32Array.from({ length: sizeOf(image) }, () => random.normal()),
      ),
    ],
    ['labels', tensor('int32', [3], Int32Array.of(0, 2, 1))],
    ['weights', tensor('float32', [3], Float32Array.of(1, 1, 1))],
    ['lr', tensor('float32', [], Float32Array.of(0.02))],
  ]);
}

function distance(a: Tensor, b: Tensor): number {
  const [x, y] = [a.data as Float32Array, b.data as Float32Array];
  const size = (numbers: ArrayLike<number>) => Math.hypot(...Array.from(numbers));
  return size(x.map((n, i) => n - (y[i] as number))) / Math.max(size(y), 1e-3);
}

const absent = !oneDnnHere;

describe.skipIf(absent)('images one upon another', () => {
  let library: Library;
  beforeAll(async () => {
    library = (await openLibrary()) as Library;
  });
  afterAll(() => library.dispose());

  it.each([
    ['joined step by step', blocks.dense, 'none'],
    ['joined again in the backward pass', blocks.dense, 'dense'],
    ['joined twice and read by all kinds of ops', blocks.tangled, 'none'],
    ['all kinds of ops, joined again', blocks.tangled, 'dense'],
    ['parts of blocks', pieces.dense, 'none'],
    ['parts of blocks, joined again', pieces.dense, 'dense'],
    ['parts of blocks, joined twice', pieces.tangled, 'none'],
    ['parts of blocks, joined twice and again', pieces.tangled, 'dense'],
  ] as const)('train as the evaluator says where maps are %s', async (_, network, recompute) => {
    const program = step(network, recompute);
    const session = new Session(library);
    const truth = await evaluator.compile({ step: program });
    session.compile(new Map([['step', program]]));
    const first = initialState(program.graph, 3);
    session.load(first);
    await truth.load(first);
    const random = new Random('stacks');
    for (let i = 0; i < 3; i++) {
      const inputs = inputsOf(program, random);
      const [given, expected] = [session.run('step', inputs), await truth.run('step', inputs)];
      for (const [name, output] of expected)
        expect(distance(given.get(name) as Tensor, output), name).toBeLessThan(1e-3);
      const state = session.read();
      for (const [name, content] of await truth.read())
        expect(distance(state.get(name) as Tensor, content), name).toBeLessThan(1e-3);
    }
    session.dispose();
  });

  it('are joined without a copy of what was there', () => {
    const session = new Session(library);
    const compiled = session.compile(new Map([['step', step(blocks.dense, 'none')]])).get('step');
    expect(compiled?.implementations.filter((name) => name.startsWith('concat'))).toEqual([]);
    session.dispose();
  });
});
