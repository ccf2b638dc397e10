import { expect, test } from 'vitest';
import { add, conv2d, defineProgram, Graph, plan, relu, sum } from './index.ts';

const zeros = (shape: readonly number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1));

function residual() {
  const graph = new Graph({ training: false });
  const image = graph.input('image', { dtype: 'float32', shape: [2, 1, 4, 4] }); // 128 bytes
  const weight = graph.entry('weight', [3, 1, 3, 3], 'parameter', zeros); // 27 numbers
  graph.entry('mean', [3], 'statistic', zeros);
  graph.entry('momentum.weight', [3, 1, 3, 3], 'optimiser', zeros);
  const y = conv2d(image, weight, { padding: [1, 1] }); // 2 · 3 · 4 · 4 · 4 = 384 bytes
  const z = relu(y); // 384 bytes
  const shortcut = add(y, z); // 384 bytes
  const total = sum(shortcut, [1, 2, 3]); // 8 bytes
  return { graph, y, z, shortcut, total };
}

test('a plan counts parameters, multiply-adds and state as worked out by hand', () => {
  const { graph, total } = residual();
  const program = defineProgram({ name: 'hand', graph, outputs: new Map([['total', total]]), updates: new Map() });
  expect(plan(program)).toEqual({
    params: 27,
    macs: 9 * 96, // nine taps of one channel for each of 2 · 3 · 16 outputs
    stateBytes: 4 * (27 + 3 + 27),
    // at the addition y, z and their sum exist; the image died after the convolution
    peakActivationBytes: 3 * 384,
    nodes: 4,
  });
});

test('a result is kept until the end, however early it was made', () => {
  const { graph, z, total } = residual();
  const both = new Map([
    ['z', z],
    ['total', total],
  ]);
  const after = sum(relu(add(z, 1)));
  const withMore = plan(
    defineProgram({ name: 'kept', graph, outputs: new Map([...both, ['after', after]]), updates: new Map() }),
  );
  // when z + 1 and its rectified copy exist, z exists too, and the 8 bytes of the total
  expect(withMore.peakActivationBytes).toBe(3 * 384 + 8);
});

test('nodes that no result needs cost nothing', () => {
  const { graph, y, shortcut } = residual();
  relu(conv2d(shortcut, graph.entry('unused', [8, 3, 3, 3], 'parameter', zeros)));
  const program = defineProgram({ name: 'less', graph, outputs: new Map([['y', y]]), updates: new Map() });
  expect(plan(program)).toMatchObject({ macs: 9 * 96, nodes: 1, peakActivationBytes: 128 + 384 });
});
