import { expect, it } from 'vitest';
import { ConfusionMatrix, confusedPairs } from './index.ts';

it('lists what is taken for what, the most frequent first and the diagonal never', () => {
  const confusion = new ConfusionMatrix(3);
  const add = (label: number, prediction: number, times: number) => {
    for (let i = 0; i < times; i++) confusion.add(label, prediction);
  };
  add(0, 0, 9);
  add(0, 2, 1);
  add(1, 0, 3);
  add(1, 1, 1);
  add(2, 1, 1);
  expect(confusedPairs(confusion)).toEqual([
    { label: 1, prediction: 0, images: 3, share: 0.75 },
    { label: 2, prediction: 1, images: 1, share: 1 },
    { label: 0, prediction: 2, images: 1, share: 0.1 },
  ]);
  expect(confusedPairs(confusion, 1)).toHaveLength(1);
});
