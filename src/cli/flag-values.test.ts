import { expect, test } from 'vitest';
import { cacheValue } from './flag-values.ts';

const memory = 8 * 2 ** 30;

test.each([
  ['4GB', 4e9],
  ['200mb', 2e8],
  ['1.5 gib', 1.5 * 2 ** 30],
  ['off', 'off'],
  ['OFF', 'off'],
  ['./4GB', './4GB'],
  ['/fast/skein-cache', '/fast/skein-cache'],
  ['2024/cache', '2024/cache'],
])('--cache %s', (word, value) => {
  expect(cacheValue(word, memory)).toBe(value);
});

test.each([
  ['', 'neither an amount of memory, nor a folder'],
  ['-1', 'neither an amount of memory, nor a folder'],
  ['~/cache', 'write the full path'],
  ['4', 'A folder of that name is ./4.'],
  ['4XB', 'A folder of that name is ./4XB.'],
  ['9GiB', 'more than this machine’s memory of 8'],
])('--cache %s is refused', (word, message) => {
  expect(() => cacheValue(word, memory)).toThrow(message);
});
