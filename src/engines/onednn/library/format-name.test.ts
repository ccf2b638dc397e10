import { describe, expect, it } from 'vitest';
import { denseStrides, formatName } from './format-name.ts';

describe('formatName', () => {
  it('orders the axes by their strides', () => {
    const dims = [2, 20, 6, 5];
    for (const format of ['abcd', 'acdb', 'bacd'])
      expect(formatName({ dims, paddedDims: dims, strides: denseStrides(dims, format)!, blocks: [] })).toBe(format);
  });

  it('names inner blocks, which pad their axis', () => {
    const layout = { dims: [2, 20, 6, 5], paddedDims: [2, 32, 6, 5], strides: [960, 480, 80, 16] };
    expect(formatName({ ...layout, blocks: [{ size: 16, axis: 1 }] })).toBe('aBcd16b');
  });

  it('gives the strides where elements are left out between', () => {
    expect(formatName({ dims: [2, 3], paddedDims: [2, 3], strides: [8, 1], blocks: [] })).toBe('ab (strides 8, 1)');
  });

  it('keeps axes of length 1 in their order', () => {
    expect(formatName({ dims: [1, 1, 4], paddedDims: [1, 1, 4], strides: [4, 4, 1], blocks: [] })).toBe('abc');
  });
});

describe('denseStrides', () => {
  it('is undefined for what is no order of all axes', () => {
    for (const format of ['abc', 'abcc', 'any', 'aBcd16b']) expect(denseStrides([2, 3, 4, 5], format)).toBeUndefined();
  });
});
