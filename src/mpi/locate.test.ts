/** Which libraries are found, in which order: shown with files that are only called like them and have a few of their names. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mpiLibraries, namedLibrary } from './locate.ts';

const openMpi = '\0MPI_Allreduce\0ompi_mpi_comm_world\0';
const mpich = '\0MPI_Allreduce\0';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'skein-mpi-')));
  for (const name of ['CONDA_PREFIX', 'HOMEBREW_PREFIX', 'PATH']) vi.stubEnv(name, '');
  vi.stubEnv('LD_LIBRARY_PATH', join(folder, 'lib'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function file(path: string, content: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), content, { mode: 0o755 });
}

/** Those of this test: the machine may have others. */
const found = (environment: Readonly<Record<string, string>> = {}) =>
  mpiLibraries(environment)
    .filter(({ path }) => path.startsWith(folder))
    .map(({ path, family }) => `${family}: ${path.slice(folder.length + 1)}`);

describe.runIf(process.platform === 'linux')('the MPI libraries that are found', () => {
  it('are those of the launcher’s family first, told by what is in them', async () => {
    await file('lib/libmpi.so.12', mpich);
    await file('lib/libmpi.so.40.30', openMpi);
    await file('lib/libmpi_abi.so.0', mpich);
    await file('lib/libmpi.so.1', 'another library');
    await file('lib/libmpi_cxx.so.40', openMpi);
    await file('lib/libmpifort.so.12', mpich);
    const [abi, intel, open] = [
      'MPI ABI: lib/libmpi_abi.so.0',
      'MPICH: lib/libmpi.so.12',
      'Open MPI: lib/libmpi.so.40.30',
    ];
    expect(found()).toEqual([open, intel, abi]);
    expect(found({ OMPI_COMM_WORLD_SIZE: '2', PMIX_RANK: '0' })).toEqual([open, intel, abi]);
    expect(found({ PMI_RANK: '0', PMI_SIZE: '2' })).toEqual([intel, abi, open]);
    expect(found({ SLURM_PROCID: '0', PMIX_RANK: '0' })).toEqual([open, intel, abi]);
  });

  it('are also beside the mpirun of the PATH, and where Intel’s variable says', async () => {
    await file('open/bin/mpirun', '');
    await file('open/lib/libmpi.so.40', openMpi);
    await file('intel/lib/release/libmpi.so.12', mpich);
    vi.stubEnv('PATH', join(folder, 'open/bin'));
    expect(found({ I_MPI_ROOT: join(folder, 'intel') })).toEqual([
      'Open MPI: open/lib/libmpi.so.40',
      'MPICH: intel/lib/release/libmpi.so.12',
    ]);
  });

  it('need not be looked for where one is named, which must be one', async () => {
    await file('lib/mine', openMpi);
    await file('lib/other', 'another library');
    const named = (path: string) => {
      vi.stubEnv('SKEIN_MPI_LIB', path);
      return namedLibrary();
    };
    expect(named('')).toBeUndefined();
    expect(named(join(folder, 'lib/mine'))).toEqual({ path: join(folder, 'lib/mine'), family: 'Open MPI' });
    for (const path of [join(folder, 'lib/other'), join(folder, 'none')])
      expect(() => named(path)).toThrow(`mpi: SKEIN_MPI_LIB does not name an MPI library, but \`${path}\``);
  });
});
