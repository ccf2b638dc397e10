import { afterEach, expect, it, vi } from 'vitest';
import { oneDnnHere } from '../../../tests/onednn-here.ts';
import { defineProgram, Graph } from '../../ir/index.ts';
import { onednn } from './engine.ts';

afterEach(() => vi.unstubAllEnvs());

it.runIf(oneDnnHere && process.platform === 'linux')('does not run with fewer threads than it says', async () => {
  vi.stubEnv('OMP_THREAD_LIMIT', '1');
  const running = onednn.matrixPeak?.({ threads: 2 });
  await expect(running).rejects.toThrow('onednn: expected 2 threads, but OpenMP gives 1; OMP_THREAD_LIMIT 1');
  await expect(running).rejects.toMatchObject({ hint: 'use --threads 1, or unset OMP_THREAD_LIMIT' });
});

it.runIf(oneDnnHere)('takes no more threads than it may, where nobody says how many', async () => {
  vi.stubEnv('OMP_THREAD_LIMIT', '1');
  const graph = new Graph({ training: false });
  const outputs = new Map([['y', graph.constant(1)]]);
  const program = defineProgram({ name: 'one', graph, outputs, updates: new Map() });
  const executable = await onednn.compile({ program });
  try {
    expect(await executable.plan()).toMatchObject({ threads: 1 });
  } finally {
    await executable.dispose();
  }
});
