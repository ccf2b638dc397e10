import { expect, test } from 'vitest';
import {
  add,
  averagePool2d,
  conv2d,
  defineProgram,
  Graph,
  groupLayers,
  layersOf,
  matmul,
  mean,
  multiply,
  relu,
  reshape,
  scope,
  type Value,
} from './index.ts';

const zeros = (shape: readonly number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1));

function image(): Value {
  return new Graph({ training: false }).input('image', { dtype: 'float32', shape: [1, 2, 4, 4] });
}

const programOf = (y: Value) =>
  defineProgram({ name: 'hand', graph: y.graph, outputs: new Map([['y', y]]), updates: new Map() });

test('a layer is its state and the nodes that use it; other ops stand for themselves', () => {
  const x = image();
  const y = scope('block1', () => {
    const weight = x.graph.entry('block1.conv1.weight', [3, 2, 1, 1], 'parameter', zeros);
    const bias = reshape(x.graph.entry('block1.conv1.bias', [3], 'parameter', zeros), [3, 1, 1]);
    return averagePool2d(relu(add(conv2d(x, weight), bias)), { kernel: [2, 2], stride: [2, 2], padding: [0, 0] });
  });
  expect(layersOf(programOf(y))).toMatchObject([
    // the bias's own reshape depends on no image, so it is no activation
    { path: 'block1.conv1', output: [1, 3, 4, 4], params: 9, statistics: 0, macs: 96, activationBytes: 2 * 4 * 48 },
    { path: 'block1.relu1', output: [1, 3, 4, 4], params: 0, statistics: 0, macs: 0, activationBytes: 4 * 48 },
    { path: 'block1.averagePool1', output: [1, 3, 2, 2], params: 0, statistics: 0, macs: 0, activationBytes: 4 * 12 },
  ]);
});

test('a product with a constant belongs to the op whose result it rescales', () => {
  expect(layersOf(programOf(mean(image(), [2, 3]))).map(({ path }) => path)).toEqual(['sum1']);
});

test('an entry that is not part of a named layer is a layer of its own', () => {
  const x = image();
  const y = scope('block', () => multiply(x, x.graph.entry('block.scale', [1], 'parameter', zeros)));
  const z = matmul(reshape(y, [1, 32]), x.graph.entry('w', [32, 5], 'parameter', zeros));
  expect(layersOf(programOf(z)).map(({ path, params }) => [path, params])).toEqual([
    ['block.scale', 1],
    ['reshape1', 0],
    ['w', 160],
  ]);
});

test('state that the program does not use is counted, and the optimiser’s is not', () => {
  const x = image();
  x.graph.entry('spare.weight', [7], 'parameter', zeros);
  x.graph.entry('spare.mean', [5], 'statistic', zeros);
  x.graph.entry('momentum.spare.weight', [7], 'optimiser', zeros);
  const relu1 = { path: 'relu1', output: [1, 2, 4, 4], receptiveField: [1, 1], params: 0, statistics: 0, macs: 0 };
  expect(layersOf(programOf(relu(x)))).toEqual([
    { ...relu1, activationBytes: 128 },
    { path: 'spare', params: 7, statistics: 5, macs: 0, activationBytes: 0 },
  ]);
});

test('groups add up, stand where their first layer does, and end in their last output', () => {
  const layer = (path: string, params: number, extent: number) => ({
    path,
    output: [1, extent],
    params,
    statistics: 1,
    macs: 10 * params,
    activationBytes: 4,
  });
  const tree = groupLayers([layer('a.one.conv1', 1, 8), layer('b', 2, 9), layer('a.two', 3, 7)]);
  expect(tree).toMatchObject({ name: '', params: 6, statistics: 3, macs: 60, activationBytes: 12, output: [1, 7] });
  expect(tree.parts.map(({ name, params, output }) => [name, params, output])).toEqual([
    ['a', 4, [1, 7]],
    ['b', 2, [1, 9]],
  ]);
  expect(tree.parts[0]?.parts.map(({ name, parts }) => [name, parts.length])).toEqual([
    ['one', 1],
    ['two', 0],
  ]);
});
