import { expect, it } from 'vitest';
import { quoted } from './quoted.ts';

it.each([
  ['photos/2024-05,v1', 'photos/2024-05,v1'],
  ['my photos', "'my photos'"],
  ["cat's", "'cat'\\''s'"],
  ['$HOME', "'$HOME'"],
  ['', "''"],
])('a shell takes %s as one word', (word, text) => {
  expect(quoted(word)).toBe(text);
});
