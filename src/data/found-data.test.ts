import { expect, it } from 'vitest';
import { expectTrainable } from './found-data.ts';

it('data with several problems says the first, and the command that lists all, as a shell takes it', () => {
  const problem = (message: string) => ({ severity: 'error', kind: 'unknown class', message }) as const;
  const found = {
    name: 'photos',
    classes: [],
    parts: {},
    normalisation: { mean: [0], std: [1] },
    problems: [problem('first'), problem('second'), problem('third')],
  };
  expect(() => expectTrainable(found, ['photos', 'my photos'])).toThrow(
    "first; and 2 more: skein data photos 'my photos' lists them",
  );
});
