import { expect, it } from 'vitest';
import { named, spoken } from './spoken.ts';

it('texts of figures are punctuated as their language does', () => {
  expect(spoken('误差', ['甲 1', '乙 2'], 'zh')).toBe('误差。甲 1；乙 2。');
  expect(spoken('Errors', ['a 1', 'b 2'], 'en')).toBe('Errors. a 1; b 2.');
  expect(named(['甲', '乙'], ['1', '2'], 'zh')).toBe('甲，乙：1，2');
  expect(named(['a', 'b'], ['1', '2'], 'en')).toBe('a, b: 1, 2');
});
