import { expect, it } from 'vitest';
import { tensor } from '../tensor/index.ts';
import { numpyFile } from './numpy-file.ts';

it('has numpy’s header, padded so that the numbers begin at a multiple of 64', () => {
  const file = numpyFile(tensor('float32', [2, 3], Float32Array.of(1, 2, 3, -4, 5.5, 6)));
  const text = Buffer.from(file).toString('latin1');
  expect(text.slice(0, 10)).toBe('\x93NUMPY\x01\x00v\x00');
  expect(text.slice(10, 128).trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
  expect(text[127]).toBe('\n');
  expect([...new Float32Array(file.slice(128).buffer)]).toEqual([1, 2, 3, -4, 5.5, 6]);
});
