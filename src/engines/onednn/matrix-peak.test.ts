import { describe, expect, it } from 'vitest';
import { onednn } from '../index.ts';
import { probe } from './conformance/probe.ts';
import { findLibrary, isMissing } from './library/index.ts';

const found = await findLibrary();
const answer = isMissing(found) ? undefined : await probe(found);
if (!answer?.usable) console.warn('libdnnl not found: apt-get install libdnnl2');

describe('the peak of matrix products', () => {
  it.runIf(answer?.usable)('is a number of operations per second', async () => {
    expect(await onednn.matrixPeak?.({ threads: 1 })).toBeGreaterThan(1e8);
  });

  it.runIf(answer?.usable && answer.bfloat16)('is there in bf16 too', async () => {
    expect(await onednn.matrixPeak?.({ threads: 1, precision: 'bf16' })).toBeGreaterThan(1e8);
  });
});
