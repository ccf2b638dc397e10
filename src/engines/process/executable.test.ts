/** What travels between an executable and its process, however it does. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { oneDnnHere } from '../../../tests/onednn-here.ts';
import { add, conv2d, defineProgram, Graph, type Program } from '../../ir/index.ts';
import { Random, type Tensor, tensor } from '../../tensor/index.ts';
import { onednn, onnxruntime } from '../index.ts';
import { type EntryModel, entryModel } from '../onnxruntime/entry-model.ts';
import { inParts } from './executable.ts';
import { Outbox } from './outbox.ts';
import { Remote } from './remote.ts';

const random = new Random('travel');

/** [N] of small whole numbers, which every engine adds exactly; they repeat themselves, since millions take long to draw. */
function numbers(size: number): Tensor<'float32'> {
  const drawn = Array.from({ length: 997 }, () => random.integer(100));
  return tensor(
    'float32',
    [size],
    Float32Array.from({ length: size }, (_, i) => drawn[i % 997] as number),
  );
}

/** y = x + c, and each state entry grows by `by`. */
function program(constant: Tensor<'float32'>, state: Readonly<Record<string, number>>): Program {
  const graph = new Graph({ training: true });
  const x = graph.input('x', { dtype: 'float32', shape: constant.shape });
  const by = graph.input('by', { dtype: 'float32', shape: [1] });
  const updates = new Map(
    Object.entries(state).map(([name, size]) => [
      name,
      add(
        graph.entry(name, [size], 'parameter', () => new Float32Array(size)),
        by,
      ),
    ]),
  );
  return defineProgram({ name: 'grow', graph, outputs: new Map([['y', add(x, graph.constant(constant))]]), updates });
}

const sum = (a: Tensor<'float32'>, b: Tensor<'float32'>) =>
  a.data.map((value, i) => value + ((b.data.length === 1 ? b.data[0] : b.data[i]) as number));

/** Millions of numbers at a time. */
function expectSame(what: string, found: Tensor | undefined, expected: Float32Array): void {
  const [one, other] = [found?.data as Float32Array, expected].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength),
  );
  expect(one?.equals(other as Buffer), what).toBe(true);
}

const inputsOf = (x: Tensor, by: Tensor) =>
  new Map([
    ['x', x],
    ['by', by],
  ]);

/** Two parts of a state: the second begins with `d`. */
const sizes = { a: 3, b: 4_300_000, c: 50_000, d: 4_300_000, e: 5 };

describe.each([onnxruntime, ...(oneDnnHere ? [onednn] : [])])('the process of the $name engine', (engine) => {
  it('gets constants, state and inputs of any size, and gives outputs and state', async () => {
    const [constant, x] = [numbers(400_000), numbers(400_000)];
    const state = new Map(Object.entries(sizes).map(([name, size]) => [name, numbers(size)]));
    const executable = await engine.compile({ grow: program(constant, sizes) }, { threads: 1 });
    try {
      await executable.load(state);
      const by = tensor('float32', [1], Float32Array.of(2));
      const inputs = inputsOf(x, by);
      // asked in one go, answered in order: a state that is read between two runs is whole
      const [before, first, between, , few] = await Promise.all([
        executable.read(),
        executable.run('grow', inputs),
        executable.read(),
        executable.run('grow', inputs),
        executable.read(['d', 'a']),
      ]);
      expectSame('y', first.get('y'), sum(x, constant));
      expect([...few.keys()]).toEqual(['d', 'a']);
      for (const [name, content] of state) {
        expectSame(`${name} at first`, before.get(name), content.data);
        expectSame(`${name} between runs`, between.get(name), sum(content, by));
      }
      for (const [name, content] of few) expectSame(name, content, sum(between.get(name) as Tensor<'float32'>, by));
      await executable.load(state);
      for (const [name, content] of await executable.read())
        expectSame(`${name} again`, content, state.get(name)?.data as Float32Array);
    } finally {
      await executable.dispose();
    }
  });

  it('gives back a small weight, wherever the engine has it', async () => {
    const graph = new Graph({ training: false });
    const x = graph.input('x', { dtype: 'float32', shape: [1, 16, 8, 8] });
    const weight = graph.entry('weight', [16, 16, 3, 3], 'parameter', () => new Float32Array(16 * 16 * 9));
    const outputs = new Map([['y', conv2d(x, weight, { padding: [1, 1] })]]);
    const convolution = defineProgram({ name: 'convolution', graph, outputs, updates: new Map() });
    const executable = await engine.compile({ convolution }, { threads: 1 });
    try {
      const { data } = numbers(16 * 16 * 9);
      await executable.load(new Map([['weight', tensor('float32', [16, 16, 3, 3], data)]]));
      expectSame('weight', (await executable.read()).get('weight'), data);
    } finally {
      await executable.dispose();
    }
  });

  it('has a file of its own: two at once do not disturb each other', async () => {
    const constants = [numbers(300_000), numbers(300_000)];
    const executables = await Promise.all(
      constants.map((each) => engine.compile({ grow: program(each, {}) }, { threads: 1 })),
    );
    const by = tensor('float32', [1], Float32Array.of(0));
    const asked = Array.from({ length: 10 }, (_, i) => ({ at: i % 2, given: numbers(300_000) }));
    try {
      await Promise.all(executables.map((executable) => executable.load(new Map())));
      const answers = await Promise.all(
        asked.map(({ at, given }) => executables[at]?.run('grow', inputsOf(given, by))),
      );
      for (const [i, { at, given }] of asked.entries())
        expectSame(`answer ${i}`, answers[i]?.get('y'), sum(given, constants[at] as Tensor<'float32'>));
    } finally {
      await Promise.all(executables.map((executable) => executable.dispose()));
    }
  });
});

const child = {
  engine: 'onnxruntime',
  module: './child',
  from: new URL('../onnxruntime/engine.ts', import.meta.url).href,
};

test('without a file everything travels in messages', async () => {
  const [constant, x, a] = [numbers(40_000), numbers(40_000), numbers(50_000)];
  const remote = new Remote<EntryModel>(child, Outbox.open([]));
  try {
    const entries = { grow: entryModel(program(constant, { a: 50_000 }), 'portable') };
    await remote.ask({ kind: 'compile', entries, threads: 1, precision: 'float32' });
    await remote.ask({ kind: 'load', state: new Map([['a', a]]) });
    const by = tensor('float32', [1], Float32Array.of(2));
    const [ran, read] = await Promise.all([
      remote.ask({ kind: 'run', entry: 'grow', inputs: inputsOf(x, by) }),
      remote.ask({ kind: 'read', names: ['a'] }),
    ]);
    expectSame('y', ran.tensors?.get('y'), sum(x, constant));
    expectSame('a', read.tensors?.get('a'), sum(a, by));
  } finally {
    await remote.stop();
  }
});

test.runIf(process.platform === 'linux')('what the file cannot take travels in messages, both ways', async () => {
  const source = `
    import { add, defineProgram, Graph } from ${JSON.stringify(fileURLToPath(new URL('../../ir/index.ts', import.meta.url)))};
    import { tensor } from ${JSON.stringify(fileURLToPath(new URL('../../tensor/index.ts', import.meta.url)))};
    import { onnxruntime } from ${JSON.stringify(fileURLToPath(new URL('../index.ts', import.meta.url)))};
    const numbers = (size, by) => tensor('float32', [size], Float32Array.from({ length: size }, (_, i) => (i * by) % 101));
    const [small, large] = [20_000, 2_000_000];
    const graph = new Graph({ training: true });
    const outputs = new Map();
    const updates = new Map();
    for (const size of [small, large]) {
      const x = graph.input('x' + size, { dtype: 'float32', shape: [size] });
      const held = graph.entry('held' + size, [size], 'parameter', () => new Float32Array(size));
      outputs.set('y' + size, add(x, graph.constant(numbers(size, 3))));
      updates.set('held' + size, add(held, x));
    }
    const program = defineProgram({ name: 'p', graph, outputs, updates });
    const executable = await onnxruntime.compile({ program }, { threads: 1 });
    await executable.load(new Map([small, large].map((size) => ['held' + size, numbers(size, 5)])));
    const ran = await executable.run('program', new Map([small, large].map((size) => ['x' + size, numbers(size, 7)])));
    const read = await executable.read();
    const agrees = (found, size, by) => found.data.every((value, i) => value === (i * 7) % 101 + (i * by) % 101);
    for (const size of [small, large])
      console.log(agrees(ran.get('y' + size), size, 3), agrees(read.get('held' + size), size, 5));
    await executable.dispose();`;
  // no file may grow beyond a megabyte: an array of 8 MB finds its end in the middle
  const { stdout } = await promisify(execFile)(
    'sh',
    [
      '-c',
      'ulimit -f 2048; exec "$0" "$@"',
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      '--input-type=module',
      '--eval',
      source,
    ],
    { env: { ...process.env, TSX_DISABLE_CACHE: '1' } },
  );
  expect(stdout).toBe('true true\ntrue true\n');
});

test('what travels at a time has its limit, but for single items above it', () => {
  const parts = (sizes: number[]) => inParts(sizes, (size) => size, 10);
  expect(parts([])).toEqual([[]]);
  expect(parts([4, 6, 1])).toEqual([[4, 6], [1]]);
  expect(parts([25, 1, 0, 25])).toEqual([[25], [1, 0], [25]]);
});
