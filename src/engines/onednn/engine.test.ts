import { afterEach, expect, it, vi } from 'vitest';
import { oneDnnHere } from '../../../tests/onednn-here.ts';
import { onednn } from './engine.ts';

afterEach(() => vi.unstubAllEnvs());

it.runIf(oneDnnHere && process.platform === 'linux')('does not run with fewer threads than it says', async () => {
  vi.stubEnv('OMP_THREAD_LIMIT', '1');
  const running = onednn.matrixPeak?.({ threads: 2 });
  await expect(running).rejects.toThrow('onednn: expected 2 threads, but OpenMP gives 1; OMP_THREAD_LIMIT 1');
  await expect(running).rejects.toMatchObject({ hint: 'use --threads 1, or unset OMP_THREAD_LIMIT' });
});
