import { expect, test } from 'vitest';
import { concat, conv2d, defineProgram, flatten, Graph, relu } from '../../ir/index.ts';
import { findModel } from '../../models/index.ts';
import { predictionProgram } from '../../step/index.ts';
import { trafficOf } from './memory-traffic.ts';

test('every op reads its inputs and writes its result once, and views move nothing', () => {
  const graph = new Graph({ training: false });
  const x = graph.input('x', { dtype: 'float32', shape: [1, 2, 4, 4] });
  const weight = graph.entry('w', [3, 2, 1, 1], 'parameter', () => new Float32Array(6));
  const made = relu(conv2d(x, weight));
  const y = flatten(concat([x, made], 1));
  const program = defineProgram({ name: 'p', graph, outputs: new Map([['y', y]]), updates: new Map() });
  // convolution 32 + 6 → 48, rectifier 48 → 48, joining 32 + 48 → 80 numbers of 4 bytes
  expect(trafficOf(program)).toEqual({ bytes: 4 * (32 + 6 + 48 + 48 + 48 + 80 + 80), joining: 4 * 160 });
});

test('a residual network joins nothing, a dense one much', () => {
  const of = (name: string) =>
    trafficOf(
      predictionProgram({
        network: findModel(name),
        image: { channels: 3, height: 32, width: 32 },
        classes: 10,
        batchSize: 1,
      }),
    );
  expect(of('resnet20').joining).toBe(0);
  expect(of('densenet40-k12').joining / of('densenet40-k12').bytes).toBeGreaterThan(0.2);
});
