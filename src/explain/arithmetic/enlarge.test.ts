import { expect, it } from 'vitest';
import { enlarge } from './enlarge.ts';

it('puts new places between the old ones as PyTorch does', () => {
  // torch.nn.functional.interpolate(torch.tensor([[[[0., 4.], [8., 12.]]]]), size=(4, 4), mode='bilinear')
  const map = { values: [0, 4, 8, 12], height: 2, width: 2 };
  // biome-ignore format: a map
  expect(enlarge(map, { height: 4, width: 4 })).toBeClose([
    0, 1, 3, 4,
    2, 3, 5, 6,
    6, 7, 9, 10,
    8, 9, 11, 12,
  ]);
});

it('leaves a map of the same size as it is, and spreads a single place', () => {
  const map = { values: [1, 2, 3, 4, 5, 6], height: 2, width: 3 };
  expect(enlarge(map, map)).toBeClose(map.values);
  expect(enlarge({ values: [7], height: 1, width: 1 }, { height: 2, width: 2 })).toBeClose([7, 7, 7, 7]);
});
