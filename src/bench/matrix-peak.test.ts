import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BenchResult } from './bench.ts';
import { compareWithPeak, measureMatrixPeak } from './matrix-peak.ts';

const result = { case: 'resnet20', operationsPerSecond: 30e9 } as BenchResult;

afterEach(() => vi.unstubAllEnvs());

describe('what a result is of the peak', () => {
  it('is a share of the better of the two', () => {
    expect(compareWithPeak(result, { before: 100e9, after: 120e9 }).shareOfPeak).toBeCloseTo(0.25);
    expect(compareWithPeak(result, { before: 60e9, after: 50e9 }).shareOfPeak).toBeCloseTo(0.5);
    expect(compareWithPeak(result, { before: 60e9, after: null }).shareOfPeak).toBeCloseTo(0.5);
  });

  it('is not told where there is no peak', async () => {
    vi.stubEnv('SKEIN_ONEDNN_LIB', '/no/such/libdnnl.so');
    expect(await measureMatrixPeak({ threads: 1 })).toBeUndefined();
    expect(compareWithPeak(result, null)).toEqual({ ...result, matrixPeak: null, shareOfPeak: null });
  });
});
