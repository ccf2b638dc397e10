/** Threads are what OpenMP says that they are: here small libraries that play OpenMP, compiled by gcc. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildLibrary, compilerHere } from '../../../../tests/build-library.ts';
import { EngineError } from '../../../tensor/index.ts';
import { loadNative } from './native.ts';
import { otherRuntime, threadSetter } from './threads.ts';

const native = await loadNative();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-threads-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe.runIf(compilerHere && native)('the number of threads', () => {
  /** An OpenMP that gives up to three threads, and one while it may choose. */
  const openMp = `
    static int asked = 1, dynamic = 1;
    void omp_set_dynamic(int may) { dynamic = may; }
    void omp_set_num_threads(int threads) { asked = threads; }
    int omp_get_max_threads(void) { return dynamic ? 1 : asked; }
    int omp_get_thread_limit(void) { return 3; }`;

  const setter = (code: string) => threadSetter(native!.open(buildLibrary(join(folder, 'libopenmp.so'), code)));

  it('is what was asked for, or an error', () => {
    const set = setter(openMp)!;
    set(1);
    set(3);
    const problem = 'expected 4 threads, but OpenMP gives 3; OMP_THREAD_LIMIT';
    vi.stubEnv('OMP_THREAD_LIMIT', undefined);
    expect(() => set(4)).toThrow(new EngineError(`${problem} not set`, 'use --threads 3'));
    vi.stubEnv('OMP_THREAD_LIMIT', '3');
    expect(() => set(4)).toThrow(new EngineError(`${problem} 3`, 'use --threads 3, or unset OMP_THREAD_LIMIT'));
  });

  it('cannot be set where OpenMP cannot be reached', () => {
    expect(setter('int nothing;')).toBeUndefined();
  });
});

describe('a runtime', () => {
  const openMp = { has: () => true };
  const none = { has: () => false };

  it('must be OpenMP', () => {
    expect(otherRuntime(2, openMp)).toBeUndefined();
    expect(otherRuntime(1, openMp)).toBe('computes with one thread');
    expect(otherRuntime(4, openMp)).toBe('is built for TBB');
    expect(otherRuntime(64, openMp)).toBe('has another runtime (64)');
  });

  it('is not OpenMP on a Mac where there are no such functions', () => {
    expect(otherRuntime(2, none, 'darwin')).toBe('computes with one thread');
    expect(otherRuntime(2, openMp, 'darwin')).toBeUndefined();
    for (const system of ['linux', 'win32'] as const) expect(otherRuntime(2, none, system)).toBeUndefined();
  });
});
