import { describe, expect, it } from 'vitest';
import { onednn } from '../index.ts';
import { probe } from './conformance/probe.ts';

const answer = await probe();
const isHere = 'version' in answer;
if (!isHere) console.warn('libdnnl not found: apt-get install libdnnl2');

describe('the peak of matrix products', () => {
  it.runIf(isHere)('is a number of operations per second', async () => {
    expect(await onednn.matrixPeak?.({ threads: 1 })).toBeGreaterThan(1e8);
  });

  it.runIf(isHere && answer.bfloat16)('is there in bf16 too', async () => {
    expect(await onednn.matrixPeak?.({ threads: 1, precision: 'bf16' })).toBeGreaterThan(1e8);
  });
});
