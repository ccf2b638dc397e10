/** The layers without a file of tests of their own: linear, pooling, dropout. */
import { describe, expect, it } from 'vitest';
import { flatten, Graph, scope } from '../ir/index.ts';
import { ShapeError } from '../tensor/index.ts';
import { averagePool, dropout, globalAveragePool, linear, maxPool } from './index.ts';

function inputOf(shape: readonly number[], training = true) {
  return new Graph({ training }).input('x', { dtype: 'float32', shape });
}

describe('linear', () => {
  it('has a weight [features, F] and, unless told otherwise, a bias', () => {
    const x = inputOf([8, 64]);
    expect(linear(x, 10).type.shape).toEqual([8, 10]);
    linear(x, 5, { bias: false, name: 'classifier' });
    expect([...x.graph.state].map(([name, { type }]) => [name, type.shape])).toEqual([
      ['linear1.weight', [10, 64]],
      ['linear1.bias', [10]],
      ['classifier.weight', [5, 64]],
    ]);
  });

  it('says how to get rid of height and width', () => {
    const x = inputOf([8, 64, 4, 4]);
    const hint = 'call globalAveragePool() or flatten() on it first';
    expect(() => linear(x, 10)).toThrow(ShapeError);
    expect(() => linear(x, 10)).toThrow(expect.objectContaining({ hint }));
    expect(() => linear(x, 10)).toThrow('linear: expected `x` to be [N, F], but it is [8, 64, 4, 4]');
    expect(linear(globalAveragePool(x), 10).type.shape).toEqual([8, 10]);
    expect(linear(flatten(x), 10).type.shape).toEqual([8, 10]);
  });

  it('refuses a number of features that is none', () => {
    expect(() => linear(inputOf([2, 3]), 1.5)).toThrow('`features` must be a whole number of at least 1, but is 1.5');
  });
});

describe('pooling', () => {
  it('moves by its kernel unless it has a stride', () => {
    const x = inputOf([2, 3, 8, 6]);
    expect(averagePool(x, { kernel: 2 }).type.shape).toEqual([2, 3, 4, 3]);
    expect(maxPool(x, { kernel: 3, stride: 2, padding: 1 }).type.shape).toEqual([2, 3, 4, 3]);
    expect(maxPool(x, { kernel: [2, 3] }).type.shape).toEqual([2, 3, 4, 2]);
    expect(globalAveragePool(x).type.shape).toEqual([2, 3]);
  });

  it('names its own arguments in errors', () => {
    expect(() => maxPool(inputOf([2, 3, 8, 8]), { kernel: 0 })).toThrow('maxPool: `kernel` must be a whole number');
    expect(() => globalAveragePool(inputOf([2, 3]))).toThrow('globalAveragePool: expected `x` to be [N, C, H, W]');
  });
});

describe('dropout', () => {
  it('multiplies by a mask that is fed in training', () => {
    const x = inputOf([2, 3]);
    const y = scope('block1', () => dropout(dropout(x, 0.2), 0.5));
    expect(y.type.shape).toEqual([2, 3]);
    expect([...x.graph.inputs.values()].slice(1).map(({ source, type }) => [source, type.shape])).toEqual([
      [
        {
          kind: 'input',
          name: 'block1.dropout1',
          provide: { kind: 'dropout', note: '0.2', fill: expect.any(Function) },
        },
        [2, 3],
      ],
      [
        {
          kind: 'input',
          name: 'block1.dropout2',
          provide: { kind: 'dropout', note: '0.5', fill: expect.any(Function) },
        },
        [2, 3],
      ],
    ]);
  });

  it('is nothing in prediction or at rate 0', () => {
    const [training, prediction] = [inputOf([2, 3]), inputOf([2, 3], false)];
    expect(dropout(training, 0)).toBe(training);
    expect(dropout(prediction, 0.5)).toBe(prediction);
  });

  it('refuses to drop everything', () => {
    expect(() => dropout(inputOf([2, 3]), 1)).toThrow('dropout: `rate` must be at least 0 and below 1, but is 1');
  });
});
