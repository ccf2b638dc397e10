import { expect, it } from 'vitest';
import { differenceText, inChineseMarks } from './number-words.ts';

it('punctuates lists of numbers as Chinese does, and leaves the commas within numbers', () => {
  expect(inChineseMarks('resnet20 1,230 (largest 8.5, depth 20); plain20 −4 (3)')).toBe(
    'resnet20 1,230（largest 8.5、depth 20）；plain20 −4（3）',
  );
});

it('says a difference in points with its interval, in both languages', () => {
  const difference = { value: 0.0312, low: -0.004, high: 0.07 };
  expect(differenceText(difference, 'en')).toBe('+3.1 points (95 % interval −0.4 to +7.0)');
  expect(differenceText(difference, 'zh')).toBe('+3.1 个百分点（95 % 置信区间 −0.4 至 +7.0）');
});
