/** What is said where there is no library, or something else in its place. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildLibrary, compilerHere, dnnlThatSays } from '../../../../tests/build-library.ts';
import { EngineError } from '../../../tensor/index.ts';
import { isMissing, loadNative, openLibrary } from './index.ts';

const koffi = (await loadNative()) !== undefined;

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'skein-onednn-')));
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
    expect(error.message).toContain('is another library, without the function dnnl_version');
    expect(error.message).toContain('libm.so.6');
  });

  it('is not set when it is empty', async () => {
    vi.stubEnv('SKEIN_ONEDNN_LIB', '');
    const opened = await openLibrary();
    expect(isMissing(opened) ? opened.remedy : opened.version).toMatch(/install|^\d/);
    if (!isMissing(opened)) opened.dispose();
  });
});

describe.runIf(compilerHere && koffi)('a oneDNN that cannot be used', () => {
  it.each([
    [{ runtime: 4 }, 'expected a build with OpenMP, whose threads can be set, but oneDNN 3.7.2 is built for TBB'],
    [{ runtime: 1 }, 'but oneDNN 3.7.2 computes with one thread'],
    [{ runtime: 8 }, 'but oneDNN 3.7.2 is built for threads of its caller'],
    [{ version: [2, 5, 4] }, 'expected oneDNN 3, or 2 from 2.6 on, but got 2.5.4'],
    [{ version: [4, 0, 0], runtime: 4 }, 'expected oneDNN 3, or 2 from 2.6 on, but got 4.0.0'],
  ])('is refused where it is named (%j)', async (says, message) => {
    const path = buildLibrary(join(folder, 'libdnnl.so.3'), dnnlThatSays(says));
    const error = await refusal(path);
    expect(error.message).toContain(`${message}; ${path}`);
    expect(error.hint).toMatch(/SKEIN_ONEDNN_LIB .*, or use --engine onnxruntime$/);
  });

  it('is passed over where it is found, like a file that is no library', async () => {
    const name = (version: string) =>
      process.platform === 'darwin' ? `libdnnl.${version}.dylib` : `libdnnl.so.${version}`;
    const inFolder = (version: string) => join(folder, 'lib', name(version));
    await mkdir(join(folder, 'lib'));
    await writeFile(inFolder('99.2'), 'not a library');
    buildLibrary(inFolder('99.1'), dnnlThatSays({ runtime: 4 }));
    buildLibrary(inFolder('99.0'), dnnlThatSays({ runtime: 1 }));
    vi.stubEnv('SKEIN_ONEDNN_LIB', '');
    vi.stubEnv('CONDA_PREFIX', folder);
    const tried: string[] = [];
    const opened = await openLibrary((path) => tried.push(path)).catch((error) => error);
    expect(tried.slice(0, 3)).toEqual(['99.2', '99.1', '99.0'].map(inFolder));
    // the machine's own, if it has one
    if ('dispose' in opened) {
      expect(opened.path).not.toContain(folder);
      return opened.dispose();
    }
    expect(opened).toBeInstanceOf(EngineError);
    expect(opened.message).toContain(`is built for TBB; ${inFolder('99.1')}`);
    expect(opened.hint).toMatch(/, or use --engine onnxruntime$/);
  });
});
