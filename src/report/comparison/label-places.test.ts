import { expect, test } from 'vitest';
import { labelShifts } from './label-places.ts';

test('labels that would lie on each other move down, one below the other, and others stay', () => {
  const label = { x: 100, width: 60, isLeft: false };
  const shifts = labelShifts([
    { ...label, y: 50 },
    { ...label, y: 52 },
    { ...label, y: 60 },
    // far to the right, and on the other side
    { ...label, x: 300, y: 51 },
    { ...label, isLeft: true, y: 51 },
  ]);
  expect(shifts).toEqual([0, 13, 20, 0, 0]);
});
