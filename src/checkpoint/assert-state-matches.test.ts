import { describe, expect, it } from 'vitest';
import { type Tensor, tensor, zeros } from '../tensor/index.ts';
import { assertStateMatches } from './index.ts';

const state = (...entries: [string, Tensor][]) => new Map(entries);

describe('assertStateMatches', () => {
  it('accepts the same names, dtypes and shapes in any order', () => {
    const a: [string, Tensor] = ['a', zeros('float32', [2, 3])];
    const b: [string, Tensor] = ['b', tensor('int64', [], new BigInt64Array([1n]))];
    expect(() => assertStateMatches(state(a, b), state(b, a), 'x')).not.toThrow();
  });

  it('counts every difference and names the first three', () => {
    const weight = zeros('float32', [1]);
    const expected = state(
      ['fc.weight', zeros('float32', [10, 64])],
      ['fc.bias', zeros('float32', [10])],
      ...['a', 'b', 'c', 'd'].map((name): [string, Tensor] => [name, weight]),
    );
    const found = state(
      ['fc.weight', zeros('float32', [100, 64])],
      ['fc.bias', zeros('float64', [10])],
      ['extra', weight],
    );
    expect(() => assertStateMatches(expected, found, 'best.safetensors')).toThrow(
      'best.safetensors: checkpoint of another architecture: 4 missing: `a`, `b`, `c`, …; 1 unexpected: `extra`; ' +
        '2 of another shape: `fc.weight` (expected float32 [10, 64], got float32 [100, 64]), ' +
        '`fc.bias` (expected float32 [10], got float64 [10])',
    );
  });
});
