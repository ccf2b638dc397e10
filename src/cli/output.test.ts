import { expect, it } from 'vitest';
import { Output } from './output.ts';

it('takes a terminal without a width, such as mpirun gives its ranks, for one of 80 characters', () => {
  let text = '';
  const stream = { isTTY: true, columns: 0, write: (part: string) => (text += part) };
  new Output({ stdout: stream, stderr: stream }, 'skein').paragraph('word '.repeat(20).trim());
  expect(text.split('\n').map((line) => line.length)).toEqual([79, 19, 0]);
});
