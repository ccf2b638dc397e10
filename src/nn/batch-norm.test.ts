import { describe, expect, it } from 'vitest';
import { evaluate } from '../engines/evaluator/evaluate.ts';
import { Graph, initialState, scope, type Value } from '../ir/index.ts';
import type { Tensor } from '../tensor/index.ts';
import { type BatchNormOptions, batchNorm } from './index.ts';

const image = { shape: [2, 1, 1, 2], data: new Float64Array([1, 2, 3, 6]) }; // mean 3, variance 3.5 or, unbiased, 14/3

/** One run of a batch norm on the image above. */
function run(training: boolean, options: BatchNormOptions = {}, set: Readonly<Record<string, number>> = {}) {
  const graph = new Graph({ training });
  const y = batchNorm(graph.input('image', { dtype: 'float32', shape: image.shape }), options);
  const state = new Map([...initialState(graph, 0)].map(([name, t]) => [name, { shape: t.shape, data: wide(t) }]));
  for (const [name, value] of Object.entries(set)) state.get(name)?.data.fill(value);
  const program = { name: 'norm', graph, outputs: new Map([['y', y]]), updates: graph.updates };
  const { outputs, updates } = evaluate(program, new Map([['image', image]]), state);
  return { y: outputs.get('y')?.data ?? [], updates };
}

const wide = (t: Tensor<'float32'>) => Float64Array.from(t.data);

describe('batchNorm', () => {
  it("normalises by the batch's mean and biased variance in training", () => {
    const sigma = Math.sqrt(3.5 + 1e-5);
    expect(run(true).y).toBeClose([-2 / sigma, -1 / sigma, 0, 3 / sigma]);
    expect(run(true, {}, { 'norm1.weight': 2, 'norm1.bias': 1 }).y).toBeClose([-4, -2, 0, 6].map((v) => v / sigma + 1));
    expect(run(true, { initialWeight: 0 }).y).toBeClose([0, 0, 0, 0]);
  });

  it('moves the running statistics by a tenth of the mean and of the unbiased variance', () => {
    const { updates } = run(true);
    expect(updates.get('norm1.mean')?.data).toBeClose([0.3]);
    expect(updates.get('norm1.variance')?.data).toBeClose([0.9 + 0.1 * (14 / 3)]);
    const faster = run(true, { momentum: 0.5 }, { 'norm1.mean': 1 }).updates;
    expect(faster.get('norm1.mean')?.data).toBeClose([2]);
  });

  it('normalises by the running statistics in prediction, and moves nothing', () => {
    const { y, updates } = run(false, { epsilon: 0 }, { 'norm1.mean': 2, 'norm1.variance': 4 });
    expect(y).toBeClose([-0.5, 0, 0.5, 2]);
    expect(updates.size).toBe(0);
  });

  it('keeps parameters apart from statistics', () => {
    const graph = new Graph({ training: true });
    const x = graph.input('image', { dtype: 'float32', shape: [2, 5, 4, 4] });
    scope('block1', () => batchNorm(x));
    const roles = [...graph.state].map(([name, { source }]) => [name, source.kind === 'state' ? source.role : '']);
    expect(roles).toEqual([
      ['block1.norm1.weight', 'parameter'],
      ['block1.norm1.bias', 'parameter'],
      ['block1.norm1.mean', 'statistic'],
      ['block1.norm1.variance', 'statistic'],
    ]);
    expect([...graph.updates.keys()]).toEqual(['block1.norm1.mean', 'block1.norm1.variance']);
    expect([...graph.state.values()].map((value: Value) => value.type.shape)).toEqual([[5], [5], [5], [5]]);
  });

  it('refuses to take the variance of a single number', () => {
    const graph = new Graph({ training: true });
    const x = graph.input('image', { dtype: 'float32', shape: [1, 64, 1, 1] });
    expect(() => batchNorm(x)).toThrow('a variance needs at least two numbers per channel, but x is [1, 64, 1, 1]');
  });
});
