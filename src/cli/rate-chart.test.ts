import { expect, it } from 'vitest';
import { rateChart, rateSentence } from './rate-chart.ts';

const curve = Array.from({ length: 100 }, (_, i) => ({
  lr: 1e-6 * 1e7 ** (i / 99),
  loss: i < 80 ? 2.3 - i / 80 : 1.3 + (i - 80) / 2,
}));

it('falls and rises as the loss does, and marks the suggested rate', () => {
  const lines = rateChart({ curve, suggested: 0.1, reason: 'a tenth of 1' }, 40);
  expect(lines).toHaveLength(10);
  expect(lines[0]).toMatch(/^ +3\.45 +\*+$/);
  expect(lines[7]).toMatch(/^ +1\.3\d +\*+$/);
  expect(lines[8]).toMatch(/^ {30}\^ 0\.1$/);
  expect(lines[9]).toMatch(/^ {8}0\.000001 +10$/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
});

it('says so where no rate was found', () => {
  expect(rateChart({ curve: [], suggested: undefined, reason: 'x' }, 40)).toEqual([]);
  expect(rateSentence({ curve, suggested: undefined, reason: 'the loss hardly fell' })).toBe(
    'no learning rate found: the loss hardly fell',
  );
});
