import { expect, it } from 'vitest';
import { stepSeconds } from './efficiency.ts';
import { measuredLine, measuredStep } from './measured-line.ts';

const bytes = 125e6;
const measured = { ranks: 2, hosts: ['a', 'b'], computeSeconds: 1, reductionSeconds: 1.05, copyRate: 5e9 };

it('tells the line from the copies, and finds the measured step again', () => {
  const line = measuredLine(measured, bytes);
  expect(line?.bitsPerSecond).toBeCloseTo(1e9, 0);
  const step = measuredStep(measured, bytes);
  expect(step).toEqual({ computeSeconds: 1, gradientBytes: bytes, packingSeconds: 0.05 });
  expect(line && stepSeconds(step, 2, line)).toBeCloseTo(2.05, 12);
});

it('knows no line of ranks on one machine, where reducing is a part of the machine’s own time', () => {
  const here = { ...measured, hosts: ['a'] };
  expect(measuredLine(here, bytes)).toBeUndefined();
  expect(measuredStep(here, bytes).packingSeconds).toBe(1.05);
});

it('leaves time to the line where copies are estimated to take all', () => {
  const fast = { ...measured, reductionSeconds: 0.04 };
  expect(measuredLine(fast, bytes)?.bitsPerSecond).toBeCloseTo(50e9, 0);
});
