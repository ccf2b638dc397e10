import { expect, test } from 'vitest';
import { defineProgram, Graph } from '../../ir/index.ts';
import { dropout, stochasticDepth } from '../../nn/index.ts';
import { tensor } from '../../tensor/index.ts';
import { addedUp, maskShares } from './mask-shares.ts';

/** Two images of three channels under dropout, then under stochastic depth. */
function program() {
  const graph = new Graph({ training: true });
  const image = graph.input('image', { dtype: 'float32', shape: [2, 3, 1, 1] });
  const x = stochasticDepth(dropout(image, 0.25), 0.5);
  return defineProgram({ name: 'masked', graph, outputs: new Map([['x', x]]), updates: new Map() });
}

const fed = (dropped: readonly number[], left: readonly number[]) =>
  new Map([
    ['dropout1', tensor('float32', [2, 3, 1, 1], Float32Array.from(dropped))],
    ['drop1', tensor('float32', [2, 1, 1, 1], Float32Array.from(left))],
  ]);

test('what is not 0 is kept; of stochastic depth, images are counted', () => {
  expect(maskShares(program(), fed([0, 2, 2, 0, 0, 2], [2, 0]), 2)).toEqual([
    { path: 'dropout1', kind: 'dropout', rate: 0.25, kept: 3, total: 6 },
    { path: 'drop1', kind: 'stochastic depth', rate: 0.5, kept: 1, total: 2 },
  ]);
});

test('images that only fill up a batch do not count', () => {
  const shares = maskShares(program(), fed([0, 2, 2, 2, 2, 2], [0, 2]), 1);
  expect(shares.map(({ kept, total }) => [kept, total])).toEqual([
    [2, 3],
    [0, 1],
  ]);
});

test('the batches of a step add up', () => {
  const one = maskShares(program(), fed([0, 2, 2, 0, 0, 2], [2, 0]), 2);
  expect(addedUp([one, one]).map(({ kept, total }) => [kept, total])).toEqual([
    [6, 12],
    [2, 4],
  ]);
  expect(addedUp([])).toEqual([]);
});
