import { expect, test } from 'vitest';
import { csv } from './csv.ts';

test('plain values stand as they are, a row a line', () => {
  expect(
    csv([
      ['path', 'class'],
      ['a b.jpg', 0.5],
    ]),
  ).toBe('path,class\na b.jpg,0.5\n');
  expect(csv([])).toBe('');
});

test('commas, quotes, line breaks and spaces at an end are quoted, quotes doubled', () => {
  expect(csv([['a,b', 'say "x"', 'two\nlines', 'carriage\r', ' led', 'é']])).toBe(
    '"a,b","say ""x""","two\nlines","carriage\r"," led",é\n',
  );
});
