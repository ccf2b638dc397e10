import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { CheckpointError } from '../tensor/index.ts';
import {
  add,
  batchStatistics,
  concat,
  conv2d,
  defineProgram,
  Graph,
  graphFromJson,
  graphToJson,
  matmul,
  maxPool2d,
  mean,
  multiply,
  normalise,
  pad,
  relu,
  reshape,
  scope,
  slice,
  transpose,
  type Value,
} from './index.ts';

const zeros = (shape: readonly number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1));

/** Something of everything that networks are made of, on images [2, 2, 6, 6]. */
function small(): string {
  const graph = new Graph({ training: false });
  const image = graph.input('image', { dtype: 'float32', shape: [2, 2, 6, 6] });
  const entry = (name: string, ...shape: number[]) => graph.entry(name, shape, 'parameter', zeros);
  const [average, spread] = [0, 1].map((i) => graph.entry(`statistic${i}`, [4], 'statistic', zeros)) as [Value, Value];
  const x = scope('block1', () => {
    const y = conv2d(image, entry('conv', 4, 1, 3, 3), { padding: [1, 1], groups: 2 });
    return relu(normalise(y, average, spread, entry('weight', 4), entry('bias', 4), 1e-5));
  });
  const half = slice(x, { axes: [2, 3], starts: [0, 0], stops: [6, 6], steps: [2, 2] });
  const pooled = maxPool2d(x, { kernel: [2, 2], stride: [2, 2], padding: [0, 0] });
  const joined = concat([pad(half, { before: [0, 1, 0, 0], after: [0, 1, 0, 0] }), pooled]);
  const scaled = multiply(joined, batchStatistics(joined).mean.graph.constant(0.5));
  const logits = add(matmul(mean(scaled, [2, 3]), transpose(entry('linear', 3, 10), [1, 0])), 1);
  return graphToJson(
    defineProgram({ name: 'small', graph, outputs: new Map([['logits', logits]]), updates: new Map() }),
  );
}

const text = small();

test('a graph survives JSON: reading and writing again gives the same text', () => {
  const { graph, outputs } = graphFromJson(text);
  expect(graphToJson({ name: 'again', graph, outputs, updates: new Map() })).toBe(text);
  expect([...graph.state.keys()]).toEqual(['conv', 'statistic0', 'statistic1', 'weight', 'bias', 'linear']);
  expect(graph.nodes.filter((node) => node.scope === 'block1').map((node) => node.op.name)).toEqual([
    'conv2d',
    'normalise',
    'relu',
  ]);
});

test('the text of a graph stays what files hold: leaves as they are read, then nodes, numbered in that order', () => {
  const graph = new Graph({ training: false });
  const image = graph.input('image', { dtype: 'float32', shape: [2, 2] });
  const weight = graph.entry('weight', [2, 2], 'parameter', zeros);
  const y = scope('head', () => relu(add(matmul(weight, image), 0.5)));
  const outputs = new Map([
    ['y', y],
    ['image', image],
  ]);
  expect(graphToJson({ name: 'small', graph, outputs, updates: new Map() })).toBe(
    '{"version":1,"leaves":[{"state":"weight","role":"parameter","shape":[2,2]},' +
      '{"input":"image","dtype":"float32","shape":[2,2]},{"constant":[0.5],"dtype":"float32","shape":[]}],' +
      '"nodes":[{"op":"matmul","in":[0,1],"attributes":{"transposeA":false,"transposeB":false},"scope":"head"},' +
      '{"op":"add","in":[3,2],"attributes":{},"scope":"head"},{"op":"relu","in":[4],"attributes":{},"scope":"head"}],' +
      '"outputs":{"y":5,"image":1}}',
  );
});

test('another batch size replaces the first extent of the image and of all that follows from it', () => {
  const { graph, outputs } = graphFromJson(text, 7);
  expect(graph.inputs.get('image')?.type.shape).toEqual([7, 2, 6, 6]);
  expect(outputs.get('logits')?.type.shape).toEqual([7, 3]);
  expect(graph.state.get('conv')?.type.shape).toEqual([4, 1, 3, 3]);
});

test('a reshape that keeps the batch follows another batch size, also if its extents were all written out', () => {
  const graph = new Graph({ training: false });
  const image = graph.input('image', { dtype: 'float32', shape: [4, 2, 3, 3] });
  const rows = reshape(image, [image.type.shape[0] as number, 18]);
  const program = { name: 'rows', graph, outputs: new Map([['rows', rows]]), updates: new Map() };
  expect(graphFromJson(graphToJson(program), 7).outputs.get('rows')?.type.shape).toEqual([7, 18]);
});

describe('a text that is no graph', () => {
  const changed = (change: (graph: Json) => void): string => {
    const graph = JSON.parse(text) as Json;
    change(graph);
    return JSON.stringify(graph);
  };
  it.each<[string, string, RegExp]>([
    ['no JSON', text.slice(0, -1), /^graph: it is not JSON, or nested too deeply$/],
    ['another version', changed((g) => Object.assign(g, { version: 2 })), /expected version 1/],
    ['null', 'null', /expected version 1/],
    ['an unknown op', changed((g) => Object.assign(g.nodes[0] ?? {}, { op: 'constructor' })), /unknown node/],
    [
      'a value from the future',
      changed((g) => Object.assign(g.nodes[0] ?? {}, { in: [0, 99] })),
      /value 99 does not exist/,
    ],
    ['a missing input', changed((g) => g.nodes[0]?.in.pop()), /conv2d has 1 inputs/],
    [
      'shapes that do not fit',
      changed((g) => Object.assign(g.leaves[1] ?? {}, { shape: [4, 3, 3, 3] })),
      /conv2d does not fit its inputs: conv2d: `x` has 2 channels/,
    ],
    [
      'a shape that is none',
      changed((g) => Object.assign(g.leaves[0] ?? {}, { shape: [2, -1] })),
      /a leaf has no valid shape/,
    ],
    ['two inputs of one name', changed((g) => g.leaves.push(g.leaves[0] as never)), /two inputs are called `image`/],
    [
      'a constant of another size',
      changed((g) => Object.assign(g.leaves.find((leaf) => 'constant' in leaf) ?? {}, { shape: [3] })),
      /holds 3 elements, but the data has 1/,
    ],
  ])('is refused: %s', (_, damaged, message) => {
    expect(() => graphFromJson(damaged)).toThrow(CheckpointError);
    expect(() => graphFromJson(damaged)).toThrow(message);
  });
});

test('extents below 1 are refused, even where their product fits', () => {
  const leaves = [{ input: 'image', dtype: 'float32', shape: [2, 3] }];
  const nodes = [{ op: 'reshape', in: [0], attributes: { shape: [-2, -3] }, scope: '' }];
  const damaged = JSON.stringify({ version: 1, leaves, nodes, outputs: { logits: 1 } });
  expect(() => graphFromJson(damaged)).toThrow(CheckpointError);
});

interface Json {
  version: number;
  leaves: Record<string, unknown>[];
  nodes: { in: number[] }[];
  outputs: Record<string, number>;
}

/** What hostile or damaged files hold where something else was expected. */
const strange = fc.constantFrom<unknown>(
  ...[null, true, -1, 0, 1, 2, 3, 0.5, 7, 1e9, 2 ** 31, 2 ** 53, 1e308],
  ...['', 'image', 'conv', 'relu', 'sum', '2', '__proto__', 'a.b..c'],
  ...[[], {}, [0], [1, 2], [-1, -1], [2, 2, 6, 6], [1e9, 1e9, 1e9], { axis: 1 }, { axes: [0], keepAxes: false }],
);

/** Every place in a JSON value, as the object that holds it and its key. */
function places(json: unknown): [holder: Record<string, unknown>, key: string][] {
  if (typeof json !== 'object' || json === null) return [];
  const holder = json as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [[holder, key] as [typeof holder, string], ...places(holder[key])]);
}

const mutation = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('set', 'delete', 'copy', 'swap'), strange);

function mutate(json: unknown, [at, from, kind, value]: [number, number, string, unknown]): void {
  const all = places(json);
  if (all.length === 0) return;
  const [holder, key] = all[at % all.length] as (typeof all)[number];
  const [other, otherKey] = all[from % all.length] as (typeof all)[number];
  const before = structuredClone(holder[key]);
  const there = structuredClone(other[otherKey]);
  if (kind === 'delete') Reflect.deleteProperty(holder, key);
  else holder[key] = kind === 'set' ? structuredClone(value) : there;
  if (kind === 'swap') other[otherKey] = before;
}

/** A graph that was accepted has shapes that an engine can work with. */
function expectUsable(damaged: string): void {
  let read: ReturnType<typeof graphFromJson>;
  try {
    read = graphFromJson(damaged, 2);
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    return;
  }
  const values = [...read.graph.inputs.values(), ...read.graph.nodes.flatMap((node) => node.outputs)];
  for (const { type } of [...values, ...read.outputs.values()])
    for (const extent of type.shape)
      if (!(Number.isSafeInteger(extent) && extent >= 1)) expect(type.shape).toBe('whole');
}

test('a graph with places changed, lost, copied or swapped is refused as damaged, or is a graph', () => {
  const damage = fc.array(mutation, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(damage, (mutations) => {
      const json: unknown = JSON.parse(text);
      for (const one of mutations) mutate(json, one);
      expectUsable(JSON.stringify(json));
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test('a graph text with bytes changed, cut off or repeated is refused as damaged, or is a graph', () => {
  const position = fc.nat({ max: text.length });
  fc.assert(
    fc.property(position, position, fc.string({ maxLength: 3 }), (start, end, inserted) => {
      expectUsable(text.slice(0, start) + inserted + text.slice(end));
    }),
    { numRuns: 1000, seed: 2 },
  );
});

test('a text that is nested deeply, or whose shapes would fill any memory, is refused', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const nested = ['{"version":1,"leaves":[', '],"nodes":[],"outputs":{}}'].join(deep);
  expect(() => graphFromJson(nested)).toThrow(CheckpointError);
  expect(() => graphFromJson(`{"version":1,"leaves":[],"nodes":[{"op":${deep}}],"outputs":{}}`)).toThrow(
    CheckpointError,
  );
  const leaf = { input: 'image', dtype: 'float32', shape: [1, 2 ** 20, 1] };
  const row = { ...leaf, input: 'row', shape: [1, 1, 2 ** 20] };
  const product = { op: 'add', in: [0, 1], attributes: {}, scope: '' };
  const huge = { version: 1, leaves: [leaf, row], nodes: [product], outputs: { y: 2 } };
  expect(() => graphFromJson(JSON.stringify(huge))).toThrow(/add would give a result of \[1, 1048576, 1048576\]/);
});
