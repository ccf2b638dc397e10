import { expect, test } from 'vitest';
import { gradients } from '../autodiff/index.ts';
import { evaluate } from '../engines/evaluator/evaluate.ts';
import { batchStatistics, concat, Graph, relu, sum, type Value } from '../ir/index.ts';
import { Random } from '../tensor/index.ts';
import { channelStatistics } from './channel-statistics.ts';
import { batchNorm, conv } from './index.ts';

const inputOf = (graph: Graph, name: string, channels: number) =>
  graph.input(name, { dtype: 'float32', shape: [2, channels, 4, 4] });

test('the statistics of a concatenation are those that measuring it would give', () => {
  const graph = new Graph({ training: true });
  const parts = [3, 1, 2].map((channels, i) => inputOf(graph, `x${i}`, channels)) as [Value, Value, Value];
  const nested = concat([concat([parts[0], parts[1]]), relu(parts[2])]);
  const joined = channelStatistics(nested);
  const plain = batchStatistics(nested);
  expect(joined.mean).not.toBe(plain.mean);

  const random = new Random(1);
  const inputs = new Map(
    [...graph.inputs].map(([name, { type }]) => {
      const size = type.shape.reduce((a, b) => a * b);
      return [name, { shape: type.shape, data: Float64Array.from({ length: size }, () => random.normal()) }];
    }),
  );
  const outputs = new Map(Object.entries({ ...joined, plainMean: plain.mean, plainVariance: plain.variance }));
  const results = evaluate({ name: 'statistics', graph, outputs, updates: new Map() }, inputs, new Map()).outputs;
  expect(results.get('mean')).toBeClose(results.get('plainMean')!, { relative: 1e-12 });
  expect(results.get('variance')).toBeClose(results.get('plainVariance')!, { relative: 1e-12 });
});

test('a concatenation along another axis is measured as it is', () => {
  const graph = new Graph({ training: true });
  const x = inputOf(graph, 'x', 3);
  const y = concat([x, relu(x)], 0);
  expect(channelStatistics(y).mean).toBe(batchStatistics(y).mean);
});

/** A dense block of this many layers: its nodes, those that measure, and all nodes once differentiated. */
function denseBlock(layers: number) {
  const graph = new Graph({ training: true });
  let x = inputOf(graph, 'x', 4);
  for (let i = 0; i < layers; i++) x = concat([x, conv(relu(batchNorm(x)), 2, { kernel: 3 })]);
  const forward = graph.nodes.length;
  const measured = graph.nodes.filter((node) => node.op.name === 'batchStatistics').length;
  gradients(sum(x), [...graph.state.values()]);
  return { forward, measured, all: graph.nodes.length };
}

test('a dense block measures each feature once, and its nodes grow linearly with its layers', () => {
  const [small, middle, large] = [8, 16, 24].map(denseBlock) as [
    ReturnType<typeof denseBlock>,
    ReturnType<typeof denseBlock>,
    ReturnType<typeof denseBlock>,
  ];
  expect([small, middle, large].map(({ measured }) => measured)).toEqual([8, 16, 24]);
  expect(large.forward - middle.forward).toBe(middle.forward - small.forward);
  expect(large.all - middle.all).toBe(middle.all - small.all);
});
