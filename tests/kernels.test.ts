import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compiledKernels } from '../scripts/build-kernels.ts';

test('the loops over pixels are those that kernels/pixels.ts says', async () => {
  const committed = await readFile(new URL('../src/data/pixel-kernels.ts', import.meta.url), 'utf8');
  expect(await compiledKernels(), 'run npm run kernels').toBe(committed);
});
