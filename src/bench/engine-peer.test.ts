import { afterEach, describe, expect, it, vi } from 'vitest';
import { onednn, onnxruntime } from '../engines/index.ts';
import { findModel } from '../models/index.ts';
import { type BenchCase, benchCases } from './bench-case.ts';
import { enginePeer } from './engine-peer.ts';
import { benchProgram } from './measure.ts';

const [benchCase] = benchCases({ networks: [findModel('resnet8')], phase: 'infer', batchSize: 2 }) as [BenchCase];
const task = { benchCase, ...benchProgram(benchCase), threads: 1 };

afterEach(() => vi.unstubAllEnvs());

describe('another engine as the peer', () => {
  it('runs the same program, and says in what precision', async () => {
    const expected = {
      precision: 'float32',
      version: expect.stringMatching(/^\d/),
      imagesPerSecond: expect.any(Number),
    };
    expect(await enginePeer(onnxruntime).measure({ ...task, precision: 'float32' })).toMatchObject(expected);
    // it has no bf16
    expect(await enginePeer(onnxruntime).measure({ ...task, precision: 'bf16' })).toMatchObject(expected);
  });

  it('gives up where it does not work here', async () => {
    vi.stubEnv('SKEIN_ONEDNN_LIB', '/no/such/libdnnl.so');
    const failure = enginePeer(onednn).measure({ ...task, precision: 'float32' });
    await expect(failure).rejects.toThrow(/onednn: /);
  });
});
