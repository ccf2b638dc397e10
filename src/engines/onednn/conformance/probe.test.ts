/** Trying a library in a process of its own, and remembering what came out. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FoundLibrary, findLibrary, isMissing } from '../library/index.ts';
import { probe } from './probe.ts';

const found = await findLibrary();
const absent = isMissing(found);
if (absent) console.warn('libdnnl not found: apt-get install libdnnl2');
const compiler = hasCompiler();
if (!compiler) console.warn('gcc not found: apt-get install gcc');

function hasCompiler(): boolean {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

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

describe.skipIf(absent)('probe', () => {
  const library = found as FoundLibrary;

  it('finds the library usable, and keeps the answer for the same file', async () => {
    const answer = await probe(library);
    expect(answer).toMatchObject({ usable: true });
    const [name] = await entries();
    expect(JSON.parse(await readFile(join(folder, 'cache', name!), 'utf8'))).toEqual(answer);
    // an answer that no library would give shows that it is read and not computed
    const kept = { usable: false, problem: 'kept' };
    await writeFile(join(folder, 'cache', name!), JSON.stringify(kept));
    expect(await probe(library)).toEqual(kept);
  });

  it('ignores a damaged entry, and replaces it', async () => {
    await probe(library);
    const [name] = await entries();
    const entry = join(folder, 'cache', name!);
    for (const damaged of ['{"usable": tr', '{"usable": 1}']) {
      await writeFile(entry, damaged);
      expect(await probe(library)).toMatchObject({ usable: true });
      expect(JSON.parse(await readFile(entry, 'utf8'))).toMatchObject({ usable: true });
    }
  });

  it('answers also where nothing can be kept', async () => {
    await writeFile(join(folder, 'cache'), 'a file, not a folder');
    expect(await probe(library)).toMatchObject({ usable: true });
  });

  it('says that a library took too long, and asks again the next time', async () => {
    expect(await probe(library, { seconds: 0.001 })).toEqual({
      usable: false,
      problem: 'it did not finish a few small primitives in 0.001 seconds',
    });
    expect(await entries()).toEqual([]);
  });
});

describe('probe of something else', () => {
  it('says what is wrong with a file that is no library', async () => {
    const path = join(folder, 'libdnnl.so.2');
    await writeFile(path, 'not a library');
    const answer = await probe({ path, version: '2.6.3' });
    expect(answer).toMatchObject({ usable: false });
    expect(!answer.usable && answer.problem).toContain('does not name a library that can be loaded');
  });

  it.skipIf(!compiler)('survives a library that crashes', async () => {
    const path = join(folder, 'libdnnl.so.2');
    const source = 'void *dnnl_version(void) { *(volatile int *)8 = 1; return 0; } void dnnl_engine_create(void) {}';
    execFileSync('gcc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', path], { input: source });
    const answer = await probe({ path, version: '2.6.3' });
    expect(answer).toEqual({ usable: false, problem: 'the process that tried it ended (SIGSEGV)' });
  });

  it.skipIf(!compiler)('survives a library that never answers', async () => {
    const path = join(folder, 'libdnnl.so.2');
    const source = 'void *dnnl_version(void) { for (;;) {} } void dnnl_engine_create(void) {}';
    execFileSync('gcc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', path], { input: source });
    const answer = await probe({ path, version: '2.6.3' }, { seconds: 3 });
    expect(answer).toMatchObject({ usable: false });
  });
});
