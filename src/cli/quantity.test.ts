import { describe, expect, it } from 'vitest';
import { bytes, clock, count, macs, memory, percent, percentRange } from './quantity.ts';

describe('quantities', () => {
  it('are written as people read them', () => {
    expect(count(19_421_274)).toBe('19,421,274');
    expect([7_840, 40_551_040, 2.83e9].map(macs)).toEqual(['7.8 k', '40.6 M', '2.83 G']);
    expect([302_338_048, 1_234_000_000].map(bytes)).toEqual(['302 MB', '1.2 GB']);
    expect([1.09e9, 999e9, 2.345e12, 1.2345e15].map(memory)).toEqual([
      '1.09 GB',
      '999.00 GB',
      '2.35 TB',
      '1,234.50 TB',
    ]);
    expect(percent(0.91234, 2)).toBe('91.23 %');
    expect(percentRange({ low: 0.9063, high: 1 })).toBe('90.6 to 100.0 %');
  });

  it('round times to seconds without sixty of them', () => {
    expect([6.6, 59.6, 3599.7, 3905, Number.POSITIVE_INFINITY].map(clock)).toEqual([
      '0:07',
      '1:00',
      '1:00:00',
      '1:05:05',
      '-:--',
    ]);
  });
});
