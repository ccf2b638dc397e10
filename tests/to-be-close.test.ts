import fc from 'fast-check';
import { expect, test } from 'vitest';

/** The message of the error that `check` throws. */
function messageOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected the check to fail, but it passed');
}

test('numbers, arrays, typed arrays and tensors compare with each other', () => {
  expect(1).toBeClose(1.000001);
  expect([1, 2]).toBeClose(new Float32Array([1, 2]));
  expect({ shape: [2], data: new Float64Array([0.1, 0.2]) }).toBeClose(new Float32Array([0.1, 0.2]));
  expect({ shape: [1, 2], data: [1, 2] }).toBeClose({ shape: [1, 2], data: new BigInt64Array([1n, 2n]) });
  expect([]).toBeClose(new Float32Array());
});

test('the tolerance is absolute + relative · |expected|', () => {
  expect(110.9).toBeClose(100, { relative: 0.1, absolute: 1 });
  expect(111.1).not.toBeClose(100, { relative: 0.1, absolute: 1 });
  expect(1e-9).toBeClose(0);
  expect(1e-9).not.toBeClose(0, { absolute: 0 });
});

test('NaN is close to NaN only, an infinity to itself only', () => {
  const strange = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const a of strange)
    for (const b of strange)
      if (Object.is(a, b)) expect(a).toBeClose(b);
      else expect(a).not.toBeClose(b);
});

test('the message says how many differ, where, and by how much, the largest first', () => {
  const expected = { shape: [2, 3], data: new Float64Array(6) };
  const actual = { shape: [2, 3], data: new Float64Array([0, 1, 0, -2, 0.5, 0.25]) };
  expect(messageOf(() => expect(actual).toBeClose(expected))).toBe(
    [
      'toBeClose: 4 of 6 elements differ (relative 0.00001, absolute 1e-8); largest first:',
      '  off by 2 at [1, 0]: expected 0, but got -2',
      '  off by 1 at [0, 1]: expected 0, but got 1',
      '  off by 0.5 at [1, 1]: expected 0, but got 0.5',
      '  and 1 more, the first at [0, 1]',
    ].join('\n'),
  );
});

test('a number has no index in its message', () => {
  expect(messageOf(() => expect(2).toBeClose(1, { relative: 0, absolute: 0.5 }))).toBe(
    'toBeClose: the only element differs (relative 0, absolute 0.5); largest first:\n  off by 1: expected 1, but got 2',
  );
});

test('shapes and element counts must agree', () => {
  const column = { shape: [2, 1], data: [1, 2] };
  const row = { shape: [1, 2], data: [1, 2] };
  expect(messageOf(() => expect(column).toBeClose(row))).toBe('toBeClose: expected shape [1, 2], but got [2, 1]');
  expect(messageOf(() => expect([1]).toBeClose([1, 2]))).toBe('toBeClose: expected 2 elements, but got 1');
});

test('what cannot be compared throws, also after `not`', () => {
  expect(() => expect('text').not.toBeClose(1)).toThrow('the actual value is not a number');
  expect(() => expect([[1], [2]]).not.toBeClose([1, 2])).toThrow('the actual value is not a number');
});

test('with no tolerance it is equality', () => {
  const exact = { relative: 0, absolute: 0 };
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      expect(values).toBeClose(Float64Array.from(values), exact);
      for (const value of values) if (Number.isFinite(value) && value !== 0) expect(value).not.toBeClose(-value, exact);
    }),
  );
});
