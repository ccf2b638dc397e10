/** Trying a library in a process of its own, and remembering what came out. */
import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildLibrary, compilerHere } from '../../../../tests/build-library.ts';
import { oneDnnHere } from '../../../../tests/onednn-here.ts';
import { loadNative } from '../library/index.ts';
import { probe } from './probe.ts';
import type { ProbeAnswer, TriedLibrary } from './probe-answer.ts';

const koffi = (await loadNative()) !== undefined;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-probe-'));
  vi.stubEnv('SKEIN_CACHE', join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const entries = () => readdir(join(folder, 'cache')).catch(() => []);

const problemOf = (answer: ProbeAnswer) => ('problem' in answer ? answer.problem : 'none');

describe.runIf(oneDnnHere)('probe', () => {
  const here = oneDnnHere as TriedLibrary;
  const path = oneDnnHere?.path ?? '';

  it('finds the library usable, and keeps the answer for the same file', async () => {
    const answer = await probe();
    expect(answer).toEqual(here);
    const [name] = await entries();
    const entry = join(folder, 'cache', name!);
    const { hash, ...kept } = JSON.parse(await readFile(entry, 'utf8'));
    expect(kept).toEqual(answer);
    // an answer that no library would give shows that it is read and not computed
    const other = { path, problem: 'kept' };
    await writeFile(entry, JSON.stringify({ ...other, hash }));
    expect(await probe()).toEqual(other);
    await writeFile(entry, JSON.stringify({ ...other, hash: 'of another file' }));
    expect(await probe()).toEqual(here);
  });

  it('ignores a damaged entry, and replaces it', async () => {
    await probe();
    const [name] = await entries();
    const entry = join(folder, 'cache', name!);
    const { hash } = JSON.parse(await readFile(entry, 'utf8'));
    for (const damaged of ['{"path": tr', JSON.stringify({ path, version: 2, bfloat16: true, hash })]) {
      await writeFile(entry, damaged);
      expect(await probe()).toEqual(here);
      expect(JSON.parse(await readFile(entry, 'utf8'))).toEqual({ ...here, hash });
    }
  });

  it('answers also where nothing can be kept', async () => {
    await writeFile(join(folder, 'cache'), 'a file, not a folder');
    expect(await probe()).toEqual(here);
  });

  it('says that a library took too long, and asks again the next time', async () => {
    const answer = await probe({ seconds: 0.001 });
    expect(problemOf(answer)).toBe(
      'oneDNN cannot be used: it did not finish a few small primitives and networks in 0.001 seconds',
    );
    expect(await entries()).toEqual([]);
  });

  it('survives a file that ends too early', async () => {
    const copy = join(folder, 'libdnnl.so.2');
    await copyFile(path, copy);
    await truncate(copy, 3_000_000);
    vi.stubEnv('SKEIN_ONEDNN_LIB', copy);
    expect(problemOf(await probe())).toMatch(/libdnnl\.so\.2 cannot be used: .* ended|library that can be loaded/);
  });

  it.runIf(compilerHere && process.platform === 'linux')('takes an older one where the newest crashes', async () => {
    const code = 'void *dnnl_version(void) { *(volatile int *)8 = 1; return 0; } void dnnl_engine_create(void) {}';
    buildLibrary(join(folder, 'libdnnl.so.99.0'), code);
    vi.stubEnv('LD_LIBRARY_PATH', folder);
    expect(await probe()).toEqual(here);
  });

  it('asks the library, whatever limits the threads of this process', async () => {
    vi.stubEnv('OMP_THREAD_LIMIT', '1');
    expect(await probe()).toEqual(here);
  });

  it.runIf(process.arch === 'x64')('does not call bfloat16 fast where the processor imitates it', async () => {
    vi.stubEnv('DNNL_MAX_CPU_ISA', 'AVX512_CORE');
    expect(await probe()).toMatchObject({ bfloat16: false });
  });

  it.runIf(process.arch === 'x64')('finds it usable on processors without AVX-512', async () => {
    for (const instructions of ['AVX2', 'SSE41']) {
      vi.stubEnv('DNNL_MAX_CPU_ISA', instructions);
      expect(await probe()).toEqual({ ...here, bfloat16: false });
    }
  });
});

describe('probe of something else', () => {
  let path: string;
  beforeEach(() => {
    path = join(folder, 'libdnnl.so.2');
    vi.stubEnv('SKEIN_ONEDNN_LIB', path);
  });

  /** A library whose `dnnl_version` does this. */
  const build = (statement: string) =>
    buildLibrary(path, `void *dnnl_version(void) { ${statement} return 0; } void dnnl_engine_create(void) {}`);

  it('says what is wrong with a file that is no library', async () => {
    await writeFile(path, 'not a library');
    expect(problemOf(await probe())).toMatch(/does not name a library that can be loaded|koffi is not installed/);
  });

  it.runIf(compilerHere && koffi)('survives a library that crashes', async () => {
    build('*(volatile int *)8 = 1;');
    expect(problemOf(await probe())).toContain(`${path} cannot be used: the process that tried it ended (`);
  });

  it.runIf(compilerHere && koffi)('survives a library that never answers', async () => {
    build('for (;;) {}');
    expect(problemOf(await probe({ seconds: 3 }))).toContain('in 3 seconds');
  });
});
