/** Which files are found, in which order: shown with folders of files that are only called like libraries. */
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pathsInCache } from '../../../libraries/index.ts';
import { libraryCandidates, oneDnnNames } from './locate.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'skein-locate-')));
  for (const name of ['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'CONDA_PREFIX', 'HOMEBREW_PREFIX']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function files(where: string, ...names: string[]): Promise<void> {
  await mkdir(join(folder, where), { recursive: true });
  for (const name of names) await writeFile(join(folder, where, name), '');
}

/** Those of this test: the machine may have others. */
const found = (system: NodeJS.Platform) =>
  libraryCandidates(system)
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length + 1));

describe.skipIf(process.platform === 'win32')('the libraries that are found', () => {
  it('are those of all versions, the newest first by number', async () => {
    await files('conda/lib', 'libdnnl.so.3.9', 'libdnnl.so.3.10', 'libdnnl.so.2.6', 'libdnnl.so.3.9.1');
    await mkdir(join(folder, 'conda/lib/libdnnl.so.4'));
    await files('conda/lib', 'libdnnl_sycl.so.3', 'libdnnl.so.3.11.old', 'libdnnl.a');
    vi.stubEnv('CONDA_PREFIX', join(folder, 'conda'));
    const names = ['libdnnl.so.3.10', 'libdnnl.so.3.9.1', 'libdnnl.so.3.9', 'libdnnl.so.2.6'];
    expect(found('linux')).toEqual(names.map((name) => `conda/lib/${name}`));
  });

  it('are each there once, by the version of the file and not of the links to it', async () => {
    await files('one', 'libdnnl.so.3.7');
    await files('other', 'libdnnl.so.3.6');
    await symlink('libdnnl.so.3.7', join(folder, 'one', 'libdnnl.so.3.5'));
    await symlink(join(folder, 'one', 'libdnnl.so.3.5'), join(folder, 'other', 'libdnnl.so.3'));
    await symlink('nowhere', join(folder, 'other', 'libdnnl.so.9'));
    vi.stubEnv('LD_LIBRARY_PATH', `${join(folder, 'other')}::${join(folder, 'one')}:${join(folder, 'no')}`);
    expect(found('linux')).toEqual(['one/libdnnl.so.3.7', 'other/libdnnl.so.3.6']);
  });

  it('are called otherwise on macOS and on Windows', async () => {
    await files('home/lib', 'libdnnl.3.11.dylib', 'libdnnl.so.3');
    await symlink('libdnnl.3.11.dylib', join(folder, 'home', 'lib', 'libdnnl.3.dylib'));
    await files('home/Library/bin', 'dnnl.dll');
    await files('tool', 'DNNL.DLL', 'dnnl.lib');
    vi.stubEnv('HOMEBREW_PREFIX', join(folder, 'home'));
    expect(found('darwin')).toEqual(['home/lib/libdnnl.3.11.dylib']);
    vi.stubEnv('CONDA_PREFIX', join(folder, 'home'));
    vi.stubEnv('PATH', join(folder, 'tool'));
    expect(found('win32')).toEqual(['home/Library/bin/dnnl.dll', 'tool/DNNL.DLL']);
  });

  it('are also those that Linux lists', () => {
    const list =
      'glibc-ld.so.cache1.1\0\u0003\0/lib/x86_64-linux-gnu/libdnnl.so.3.6\0libdl.so.2\0/opt/dnnl/lib/libdnnl.so.2\0';
    const others = '/lib/libdnnl_graph.so.3\0/lib/libdnnl.so.3.old\0';
    const paths = pathsInCache(list + others, oneDnnNames.linux);
    expect(paths).toEqual(['/lib/x86_64-linux-gnu/libdnnl.so.3.6', '/opt/dnnl/lib/libdnnl.so.2']);
  });
});
