import { expect, test } from 'vitest';
import { secondsOfRest } from './time-left.ts';

const small = { network: 'small', macs: 10 };
const large = { network: 'large', macs: 40 };
const open = { isDone: false };

test('a run takes as long as those of its network, else by its multiply-adds', () => {
  const runs = [
    { ...small, seconds: 4, isDone: true },
    { ...large, seconds: 20, ...open },
    { ...small, ...open },
    { ...large, ...open },
    { network: 'other', macs: 25, ...open },
  ];
  // 24 seconds for 50 multiply-adds
  expect(secondsOfRest(runs)).toBeCloseTo(20 + 4 + 20 + 12, 12);
});

test('nothing is known at first, and nothing is left at the end', () => {
  expect(secondsOfRest([{ ...small, ...open }])).toBeUndefined();
  expect(secondsOfRest([{ ...small, seconds: 4, isDone: true }])).toBe(0);
});
