import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asAnswer } from '../conformance/probe-answer.ts';
import { missingOneDnn } from './missing-library.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-missing-'));
  vi.stubEnv('CONDA_PREFIX', '');
  vi.stubEnv('PATH', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('where there is no oneDNN', () => {
  it('nothing recommends it on processors other than x64', async () => {
    for (const system of ['linux', 'darwin'] as const)
      expect(await missingOneDnn(undefined, system, 'arm64')).toEqual({
        missing: 'oneDNN',
        problem: 'the library oneDNN (libdnnl) is not installed',
        remedy: "use --engine onnxruntime: oneDNN's speed is known on x64 alone",
      });
  });

  it('there is a next step without a package manager too, and a reason where a file is there', async () => {
    const missing = await missingOneDnn('libdnnl.so.3: wrong ELF class', 'darwin', 'x64');
    expect(missing.problem).toBe('no libdnnl can be loaded: libdnnl.so.3: wrong ELF class');
    expect(missing.remedy).toMatch(/^set SKEIN_ONEDNN_LIB to a oneDNN built with OpenMP.*or use --engine onnxruntime$/);
    expect(asAnswer(missing)).toEqual(missing);
  });
});
