import { expect, it } from 'vitest';
import { findModel, models } from '../models/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear, type Network } from '../nn/index.ts';
import { predictionProgram } from '../step/index.ts';
import {
  canonicalGraph,
  graphFromJson,
  graphToJson,
  headOf,
  multiply,
  relu,
  reshape,
  scope,
  sigmoid,
  valueAt,
} from './index.ts';

const programOf = (network: Network, side = 32) =>
  predictionProgram({ network, image: { channels: 3, height: side, width: side }, classes: 5, batchSize: 2 });

it('a value is found by the path of a stage, a block or a layer', () => {
  const program = programOf(findModel('resnet20'));
  const shapeAt = (path: string) => valueAt(program, path).type.shape;
  expect(shapeAt('stem')).toEqual([2, 16, 32, 32]);
  expect(shapeAt('stage2')).toEqual([2, 32, 16, 16]);
  expect(shapeAt('stage2.block1.conv2')).toEqual([2, 32, 16, 16]);
  expect(shapeAt('classifier')).toEqual([2, 5]);
  expect(() => valueAt(program, 'stage4')).toThrow(
    expect.objectContaining({ message: 'resnet20 prediction: no layer is called `stage4`; did you mean stage3?' }),
  );
});

it.each([...models].filter(([name]) => !/1202|1001/.test(name)))(
  'the head of %s is its last layer, and its features are what that layer reads',
  (name, { network }) => {
    const side = network.image?.height ?? 32;
    const { path, entries, features } = headOf(programOf(network, side > 64 ? 64 : side));
    expect(path, name).toBe('classifier');
    expect(entries).toEqual([`${path}.weight`, `${path}.bias`]);
    expect(features.type.shape).toHaveLength(2);
  },
);

it('the head may be a convolution, and features then are a map', () => {
  const network = defineNetwork('all convolutions', (image, { classes }) =>
    globalAveragePool(conv(relu(conv(image, 8, { kernel: 3 })), classes, { kernel: 1, bias: true, name: 'scores' })),
  );
  const { path, features } = headOf(programOf(network, 6));
  expect(path).toBe('scores');
  expect(features.type.shape).toEqual([2, 8, 6, 6]);
});

it('a path leads into a checkpoint’s graph as well, with gates of one’s own', () => {
  const gated = defineNetwork('gated', (image, { classes }) => {
    const x = scope('body', () => relu(batchNorm(conv(image, 4, { kernel: 3 }))));
    const gate = scope('gate', () => sigmoid(linear(globalAveragePool(x), 4)));
    return linear(globalAveragePool(multiply(x, reshape(gate, [-1, 4, 1, 1]))), classes);
  });
  const program = programOf(gated, 6);
  const { graph, outputs } = graphFromJson(graphToJson(program), 3);
  const read = { ...program, graph, outputs };
  expect(valueAt(read, 'gate').type.shape.slice(0, 2)).toEqual([3, 4]);
  expect(valueAt(read, 'body').type.shape).toEqual([3, 4, 6, 6]);
  expect(headOf(read).path).toBe('linear1');
});

it('a canonical graph is the same whatever was made first, and another where a network computes something else', () => {
  const network = (
    name: string,
    build: (a: () => ReturnType<typeof conv>, b: () => ReturnType<typeof conv>) => ReturnType<typeof conv>,
  ) =>
    defineNetwork(name, (image, { classes }) => {
      const branch = (called: string) => () => conv(image, 4, { kernel: 3, name: called });
      return linear(globalAveragePool(build(branch('a'), branch('b'))), classes);
    });
  const first = network('first', (a, b) => {
    const [x, y] = [a(), b()];
    return multiply(x, y);
  });
  const second = network('second', (a, b) => {
    const y = b();
    return multiply(a(), y);
  });
  const other = network('other', (a, b) => multiply(b(), a()));
  const text = (of: Network) => canonicalGraph(programOf(of, 6));
  expect(text(first)).toBe(text(second));
  expect(graphToJson(programOf(first, 6))).not.toBe(graphToJson(programOf(second, 6)));
  expect(text(other)).not.toBe(text(first));
  expect(text(findModel('plain8'))).not.toBe(text(findModel('resnet8')));
});
