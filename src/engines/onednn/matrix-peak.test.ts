import { describe, expect, it } from 'vitest';
import { oneDnnHere } from '../../../tests/onednn-here.ts';
import { onednn } from '../index.ts';

describe('the peak of matrix products', () => {
  it.runIf(oneDnnHere)('is a number of operations per second', async () => {
    expect(await onednn.matrixPeak?.({ threads: 1 })).toBeGreaterThan(1e8);
  });

  it.runIf(oneDnnHere?.bfloat16)('is there in bf16 too', async () => {
    expect(await onednn.matrixPeak?.({ threads: 1, precision: 'bf16' })).toBeGreaterThan(1e8);
  });
});
