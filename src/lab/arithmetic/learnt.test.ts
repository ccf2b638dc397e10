import { expect, it } from 'vitest';
import { hardlyLearnt, hasLearnt } from './learnt.ts';

it('calls a network that guesses one that has not learnt, and so one of which nothing was measured', () => {
  // of ten classes guessing errs on 90 %, four fifths of which are 72 %
  expect([0.9, 0.73, 0.71, 0.05, Number.NaN].map((error) => hasLearnt(error, 10))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
  expect([0.41, 0.39].map((error) => hasLearnt(error, 2))).toEqual([false, true]);
});

it('names those that have not', () => {
  expect(hardlyLearnt([])).toBeUndefined();
  expect(hardlyLearnt(['a'])?.en).toContain('a has hardly learnt');
  expect(hardlyLearnt(['a', 'b'])?.en).toContain('a and b have hardly learnt');
});
