import { expect, it } from 'vitest';
import { publicSurface } from './public-surface.ts';

// where it is meant to change: npx vitest run tests/public-surface.test.ts -u
it('has the public declarations of public-surface.txt, and no others', { timeout: 180_000 }, async () => {
  await expect(publicSurface()).toMatchFileSnapshot('public-surface.txt');
});
