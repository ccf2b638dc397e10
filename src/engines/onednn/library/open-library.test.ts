/** What is said where there is no library, or something else in its place. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../tensor/index.ts';
import { isMissing, openLibrary } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-onednn-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const refusal = async (path: string): Promise<EngineError> => {
  vi.stubEnv('SKEIN_ONEDNN_LIB', path);
  const opened = await openLibrary().catch((error) => error);
  expect(opened).toBeInstanceOf(EngineError);
  return opened as EngineError;
};

describe('SKEIN_ONEDNN_LIB', () => {
  it('must name a file that exists', async () => {
    const error = await refusal(join(folder, 'libdnnl.so.9'));
    expect(error.message).toContain('SKEIN_ONEDNN_LIB does not name a library that can be loaded');
    expect(error.message).toContain('libdnnl.so.9');
    expect(error.hint).toBe('set SKEIN_ONEDNN_LIB to the path of a libdnnl, or unset it');
  });

  it('must name a library', async () => {
    const path = join(folder, 'libdnnl.so.2');
    await writeFile(path, 'not a library');
    expect((await refusal(path)).message).toContain('does not name a library that can be loaded');
    expect((await refusal(folder)).message).toContain('does not name a library that can be loaded');
  });

  it.skipIf(process.platform !== 'linux')('must name a oneDNN', async () => {
    const error = await refusal('libm.so.6');
    expect(error.message).toContain('this is another library, without the function dnnl_version');
    expect(error.message).toContain('libm.so.6');
  });

  it('is not set when it is empty', async () => {
    vi.stubEnv('SKEIN_ONEDNN_LIB', '');
    const opened = await openLibrary();
    expect(isMissing(opened) ? opened.remedy : opened.version).toMatch(/install|^\d/);
    if (!isMissing(opened)) opened.dispose();
  });
});
