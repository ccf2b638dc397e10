/**
 * Checkpoints of a few hundred bytes whose network asks for more than any machine has: refused from the shapes alone, with what and how
 * much. Networks that people train pass.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveCheckpoint } from 'skein/checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  add,
  averagePool2d,
  broadcastTo,
  concat,
  conv2d,
  defineProgram,
  divide,
  exp,
  expectFoldable,
  flatten,
  freeze,
  Graph,
  graphToJson,
  matmul,
  mean,
  multiply,
  pad,
  reshape,
  sqrt,
  subtract,
  sum,
  type Value,
} from '../src/ir/index.ts';
import { findModel, models } from '../src/models/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { CheckpointError, type Tensor, zeros } from '../src/tensor/index.ts';
import { loadClassifier } from '../src/trained/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-hostile-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A linear classifier of 8×8 pixels whose logits also take in what `more` makes of a weight [1], or of the image. */
function programOf(more: (weight: Value, image: Value) => Value) {
  const graph = new Graph({ training: false });
  const image = graph.input('image', { dtype: 'float32', shape: [1, 3, 8, 8] });
  const entry = (name: string, ...shape: number[]) => graph.entry(name, shape, 'parameter', () => new Float32Array());
  const logits = matmul(flatten(image), entry('linear', 192, 2));
  const extra = more(entry('weight', 1), image);
  const outputs = new Map([['logits', add(logits, extra.type.shape.at(-1) === 1 ? extra : sum(extra))]]);
  return defineProgram({ name: 'hostile', graph, outputs, updates: new Map() });
}

async function refusalOf(
  more: (weight: Value, image: Value) => Value,
  options: { batchSize?: number } = {},
): Promise<CheckpointError> {
  const program = programOf(more);
  const tensors = new Map<string, Tensor>(
    [...program.graph.state].map(([name, { type }]) => [name, zeros('float32', type.shape)]),
  );
  const path = join(folder, 'hostile.safetensors');
  await saveCheckpoint(path, {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: 'hostile', options: {} },
    graph: graphToJson(program),
    classes: ['a', 'b'],
    preprocessing: { channels: 3, height: 8, width: 8, mean: [0, 0, 0], std: [1, 1, 1] },
    tensors,
  });
  expect((await stat(path)).size).toBeLessThan(100_000);
  const error = await loadClassifier(path, { engine: 'evaluator', ...options }).then(
    () => new Error('it was loaded'),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(CheckpointError);
  expect((error as Error).message).toContain(path);
  return error as CheckpointError;
}

const times = <T>(count: number, first: T, next: (before: T) => T): T =>
  Array.from({ length: count }).reduce<T>((before) => next(before), first);
const table = (weight: Value, ...shape: number[]) => broadcastTo(reshape(weight, [1]), shape);

describe('a network that makes gigabytes of a few numbers', () => {
  it.each<[string, (weight: Value) => Value, string]>([
    ['by repeating', (w) => table(w, 2 ** 15, 2 ** 15), 'broadcastTo, [32768, 32768]'],
    ['by joining what it joined', (w) => times(27, w, (x) => concat([x, x], 0)), 'concat, [134217728]'],
    ['by padding', (w) => pad(w, { before: [0], after: [2 ** 28] }), 'pad, [268435457]'],
    [
      'by many tables, each within bounds',
      (w) => times(64, table(w, 2 ** 22), (x) => exp(x)),
      'broadcastTo, [4194304]',
    ],
    [
      'from a constant of its own',
      (w) => add(w, sum(broadcastTo(w.graph.constant(2), [2 ** 14, 2 ** 14]))),
      'broadcastTo, [16384, 16384]',
    ],
  ])('%s is refused', async (_, more, largest) => {
    const { message, hint } = await refusalOf(more);
    expect(message).toMatch(
      /expected hostile to compute at most 0\.1 GiB from its \d+ weights alone, but it would be \d+\.\d GiB/,
    );
    expect(message).toContain(`the largest is ${largest}`);
    expect(hint).toContain('let the network compute it from its input');
  });
});

describe('a network that computes for hours before it begins', () => {
  it.each<[string, (weight: Value) => Value, string]>([
    ['a product of tables', (w) => matmul(table(w, 2300, 2300), table(w, 2300, 2300)), 'matmul, [2300, 2300]'],
    [
      'a convolution',
      (w) => conv2d(table(w, 1, 1, 2048, 2048), table(w, 1, 1, 1024, 1024)),
      'conv2d, [1, 1, 1025, 1025]',
    ],
    [
      'a pooling',
      (w) => averagePool2d(table(w, 1, 1, 2048, 2048), { kernel: [1024, 1024], stride: [1, 1], padding: [0, 0] }),
      'averagePool2d, [1, 1, 1025, 1025]',
    ],
  ])('for %s is refused', async (_, more, slowest) => {
    const { message } = await refusalOf(more);
    expect(message).toMatch(/to need at most 8589934592 multiply-adds for what it computes from its weights alone/);
    expect(message).toContain(`the most are for ${slowest}`);
  });
});

describe('a network whose maps no machine holds', () => {
  const large = (image: Value, at: number) => pad(image, { before: [0, 0, 0, at], after: [0, 0, 26_000, 26_000 - at] });

  it('because one of them is too large is refused', async () => {
    const huge = { before: [0, 0, 0, 0], after: [0, 0, 2 ** 20, 2 ** 20] };
    expect((await refusalOf((_, image) => pad(image, huge))).message).toContain(
      'pad would give a result of [1, 3, 1048584, 1048584]',
    );
  });

  it('because they are too many at once is refused', async () => {
    const { message } = await refusalOf((_, image) => {
      const maps = Array.from({ length: 200 }, (_, at) => large(image, at));
      return maps.map((map) => sum(map)).reduce((total, one) => add(total, one));
    });
    expect(message).toMatch(
      /expected its network to need at most the \d+\.\d GiB of memory that there are, but for one image it needs at least \d+\.\d GiB/,
    );
  });

  it('only for so many images together says so', async () => {
    const more = { before: [0, 0, 0, 0], after: [0, 0, 4000, 4000] };
    const error = await refusalOf((_, image) => reshape(sum(pad(image, more), [1, 2, 3]), [-1, 1]), { batchSize: 64 });
    expect(error.message).toContain('pad would give a result of [64, 3, 4008, 4008]');
    expect(error.hint).toBe('take fewer images than 64 together');
  });
});

describe('a network that people train', () => {
  const image = { channels: 3, height: 224, width: 224 };

  it.each([...models.keys()])('%s passes', (name) => {
    const network = findModel(name);
    const { height, width } = network.image ?? image;
    expect(() =>
      expectFoldable(predictionProgram({ network, image: { ...image, height, width }, classes: 1000, batchSize: 1 })),
    ).not.toThrow();
  });

  it('with weights that are standardised, and a table of positions, passes', () => {
    const graph = new Graph({ training: false });
    const x = graph.input('image', { dtype: 'float32', shape: [1, 64, 32, 32] });
    const weight = graph.entry('conv', [64, 64, 3, 3], 'parameter', () => new Float32Array(64 * 64 * 9).fill(0.5));
    const centred = subtract(weight, mean(weight, [1, 2, 3], { keepAxes: true }));
    const spread = sqrt(add(mean(multiply(centred, centred), [1, 2, 3], { keepAxes: true }), 1e-5));
    const y = conv2d(x, divide(centred, spread), { padding: [1, 1] });
    const rows = graph.entry('rows', [1, 64, 32, 1], 'parameter', () => new Float32Array(64 * 32));
    const columns = graph.entry('columns', [1, 64, 1, 32], 'parameter', () => new Float32Array(64 * 32));
    const program = defineProgram({
      name: 'honest',
      graph,
      outputs: new Map([['y', add(y, add(rows, columns))]]),
      updates: new Map(),
    });
    const state = new Map<string, Tensor>(
      [...graph.state].map(([name, { type }]) => [name, zeros('float32', type.shape)]),
    );
    expect(freeze(program, state).graph.state.size).toBe(0);
  });
});
