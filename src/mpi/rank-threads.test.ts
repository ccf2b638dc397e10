import { expect, it } from 'vitest';
import { rankThreads } from './rank-threads.ts';

it.each([
  ['unbound ranks share', { own: 8, ofLauncher: 8 }, 4, 2],
  ['a rank has the cores that it alone is bound to', { own: 4, ofLauncher: 64 }, 2, 4],
  ['ranks of which half are bound to each half share it', { own: 32, ofLauncher: 64 }, 8, 8],
  ['one core each', { own: 1, ofLauncher: 64 }, 64, 1],
  ['more ranks than cores', { own: 2, ofLauncher: 2 }, 4, 1],
])('%s', (_, cores, ranks, threads) => {
  expect(rankThreads(ranks, cores)).toBe(threads);
});
