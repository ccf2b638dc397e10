import { expect, test } from 'vitest';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { differingEntry } from './differing-entry.ts';

const state = (a: readonly number[], b: readonly number[] = [1, 2]) =>
  new Map<string, Tensor>([
    ['a', tensor('float32', [a.length], Float32Array.from(a))],
    ['b', tensor('float32', [b.length], Float32Array.from(b))],
  ]);

test('states of equal bytes do not differ, those of tensors that are parts of a larger array included', () => {
  const all = Float32Array.of(9, 1, 2);
  const part = new Map([...state([NaN, 3]), ['b', tensor('float32', [2], all.subarray(1))]]);
  expect(differingEntry(state([NaN, 3]), part)).toBeUndefined();
});

test('the first number that differs is named, with how many there are', () => {
  expect(differingEntry(state([1, 2, 3]), state([1, 2.5, 4]))).toEqual({
    entry: 'a[1]',
    recorded: 2,
    now: 2.5,
    differing: 2,
    total: 5,
  });
});

test('the last bit counts, and so does the sign of 0', () => {
  const next = new Float32Array(Uint32Array.of(0x3f800001).buffer)[0] as number;
  expect(differingEntry(state([1]), state([next]))).toMatchObject({ entry: 'a[0]', recorded: 1, now: next });
  expect(differingEntry(state([0]), state([-0]))).toMatchObject({ differing: 1 });
});

test('an entry that one state lacks, or that has another shape, differs as a whole', () => {
  const { a, b } = { a: state([1]), b: state([1]) };
  b.delete('b');
  expect(differingEntry(a, b)).toEqual({ entry: 'b', recorded: null, now: null, differing: 2, total: 3 });
  expect(differingEntry(b, a)).toMatchObject({ entry: 'b' });
  expect(differingEntry(state([1], [1, 2, 3]), state([1]))).toMatchObject({ entry: 'b' });
});
