/** Which launcher is taken and how: told from programs that only print what launchers print. */
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installCommand } from './missing.ts';
import { mpirunCommand } from './mpirun.ts';

const openMpi = { says: 'mpirun (Open MPI) 5.0.7', names: 'MPI_Allreduce ompi_mpi_comm_world' };
const mpich = { says: 'HYDRA build details:\n    Version:           4.2.1', names: 'MPI_Allreduce' };
const intel = { says: 'Intel(R) MPI Library for Linux* OS, Version 2021.12 Build 20240213', names: 'MPI_Allreduce' };

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'skein-mpirun-')));
  vi.stubEnv('PATH', folder);
  vi.stubEnv('CONDA_PREFIX', '');
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function program(name: string, says = ''): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), `#!/bin/sh\nprintf '${says}\\n'\n`);
  await chmod(join(folder, name), 0o755);
}

async function library(names: string): Promise<void> {
  await writeFile(join(folder, 'library'), names);
  vi.stubEnv('SKEIN_MPI_LIB', join(folder, 'library'));
}

describe.skipIf(process.platform === 'win32')('the command that starts ranks', () => {
  it('leaves all cores to the threads of each rank, and lets root and more ranks than cores in', async () => {
    await program('mpirun', openMpi.says);
    await library(openMpi.names);
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    const free = ['--bind-to', 'none', '--map-by', ':OVERSUBSCRIBE'];
    const common = { program: join(folder, 'mpirun'), launcher: 'Open MPI 5.0.7', environment: {} };
    expect(await mpirunCommand({ ranks: 1 })).toEqual({ ...common, words: [...free, '-n', '1'] });
    const more = availableParallelism() + 1;
    vi.spyOn(process, 'getuid').mockReturnValue(0);
    expect(await mpirunCommand({ ranks: more })).toEqual({
      ...common,
      words: ['--allow-run-as-root', ...free, '--mca', 'mpi_yield_when_idle', '1', '-n', String(more)],
    });
  });

  it('is that of MPICH or of Intel MPI', async () => {
    await library(mpich.names);
    await program('mpirun', mpich.says);
    expect(await mpirunCommand({ ranks: 2 })).toMatchObject({
      launcher: 'MPICH 4.2.1',
      words: ['-bind-to', 'none', '-n', '2'],
    });
    await program('mpirun', intel.says);
    expect(await mpirunCommand({ ranks: 2 })).toMatchObject({
      launcher: 'Intel MPI 2021.12',
      words: ['-n', '2'],
      environment: { I_MPI_PIN: '0' },
    });
  });

  it('is of the library’s family, whichever is called mpirun', async () => {
    await program('mpirun', openMpi.says);
    await program('mpirun.mpich', mpich.says);
    await library(mpich.names);
    expect(await mpirunCommand({ ranks: 2 })).toMatchObject({ program: join(folder, 'mpirun.mpich') });
    await rm(join(folder, 'mpirun.mpich'));
    await expect(mpirunCommand({ ranks: 2 })).rejects.toThrow(
      `mpi: expected a launcher of MPICH, whose library is here, but ${join(folder, 'mpirun')} is of Open MPI`,
    );
  });

  it('says what installs it where there is none', async () => {
    await library(openMpi.names);
    await program('dnf');
    vi.spyOn(process, 'getuid').mockReturnValue(0);
    await expect(mpirunCommand({ ranks: 2 })).rejects.toMatchObject({
      message: 'mpi: mpirun is not installed, or not on the PATH',
      ...(process.platform === 'linux' && { hint: 'run `dnf install openmpi`' }),
    });
  });
});

describe.skipIf(process.platform === 'win32')('the command that installs MPI', () => {
  it('is for the package manager that the system has', async () => {
    const managers = [
      ['brew', 'brew install open-mpi'],
      ['pacman', 'pacman -S openmpi'],
      ['dnf', 'dnf install openmpi'],
      ['zypper', 'zypper install openmpi4'],
      ['apt-get', 'apt-get update && apt-get install openmpi-bin'],
    ] as const;
    for (const [name, command] of managers) {
      await program(name);
      expect((await installCommand('linux'))?.replaceAll('sudo ', '')).toBe(command);
    }
    await program('apt-cache', 'Package: openmpi-bin\\nVersion: 4.1.4-3\\n\\n');
    expect((await installCommand('linux'))?.replaceAll('sudo ', '')).toBe('apt-get install openmpi-bin');
    expect(await installCommand('darwin')).toBe('brew install open-mpi');
    expect(await installCommand('win32')).toBeUndefined();
  });
});
