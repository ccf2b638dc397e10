/** The package manager is told from what the PATH has: here folders with programs that do next to nothing. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installCommand } from './install-command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-install-'));
  vi.stubEnv('CONDA_PREFIX', '');
  vi.stubEnv('PATH', folder);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function program(name: string, says = ''): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\nprintf '${says}'\n`);
  await chmod(join(folder, name), 0o755);
}

/** As `apt-cache search --full` prints a package. */
const record = (name: string, version: string) =>
  `Package: ${name}\\nSource: onednn\\nVersion: ${version}\\nDepends: libc6\\nDescription: one\\n two\\n\\n`;

const commandOf = async (system: NodeJS.Platform, architecture = 'x64') =>
  (await installCommand(system, architecture))?.replaceAll('sudo ', '');

describe.skipIf(process.platform === 'win32')('the command that installs oneDNN', () => {
  it.each([
    ['Debian 12', record('libdnnl2', '2.6.3-1'), 'apt-get install libdnnl2'],
    ['Debian 13', record('libdnnl3.6', '3.7.2+ds-2'), 'apt-get install libdnnl3.6'],
    ['Ubuntu 24.04', record('libdnnl3', '3.1.1-1'), 'apt-get install libdnnl3'],
    [
      'a system with several',
      record('libdnnl3.10', '3.10-1') + record('libdnnl3.9', '3.9-1') + record('libdnnl4', '4.0-1'),
      'apt-get install libdnnl3.10',
    ],
    ['a system whose version is too old', record('libdnnl2', '1:2.5.2-1'), undefined],
    ['a system whose lists were never fetched', '', "apt-get update && apt-get install '^libdnnl[0-9.]+$'"],
  ])('names a package that can be used on %s', async (_, known, command) => {
    await program('apt-get');
    await program('apt-cache', known);
    expect(await commandOf('linux')).toBe(command);
  });

  it('is for the package manager that Linux has', async () => {
    expect(await commandOf('linux')).toBeUndefined();
    const managers = [
      ['brew', 'brew install onednn'],
      ['pacman', 'pacman -S onednn'],
      ['dnf', 'dnf install onednn'],
      ['zypper', 'zypper install libdnnl3'],
      ['apt-get', "apt-get update && apt-get install '^libdnnl[0-9.]+$'"],
    ] as const;
    for (const [name, command] of managers) {
      await program(name);
      expect(await commandOf('linux')).toBe(command);
    }
  });

  it('asks for sudo unless it is root who reads it', async () => {
    await program('dnf');
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    expect(await installCommand('linux', 'x64')).toBe('sudo dnf install onednn');
    vi.spyOn(process, 'getuid').mockReturnValue(0);
    expect(await installCommand('linux', 'x64')).toBe('dnf install onednn');
  });

  it('is the build with OpenMP in an active conda environment, by the program that is there', async () => {
    await program('apt-get');
    await program('mamba');
    vi.stubEnv('CONDA_PREFIX', folder);
    expect(await commandOf('linux')).toBe('mamba install -c conda-forge onednn-cpu-omp');
    await program('conda');
    for (const system of ['linux', 'darwin'] as const)
      expect(await commandOf(system)).toBe('conda install -c conda-forge onednn-cpu-omp');
  });

  it('does not exist on macOS and Windows without conda, nor where oneDNN was not measured', async () => {
    await program('brew');
    expect(await commandOf('darwin')).toBeUndefined();
    expect(await commandOf('win32')).toBeUndefined();
    await program('conda');
    vi.stubEnv('CONDA_PREFIX', folder);
    for (const system of ['linux', 'darwin'] as const) expect(await commandOf(system, 'arm64')).toBeUndefined();
  });
});
