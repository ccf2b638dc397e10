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

const withoutSudo = (command: string) => command.replace(/^sudo /, '');

describe.skipIf(process.platform === 'win32')('the command that installs oneDNN', () => {
  it.each([
    ['libdnnl-dev\\nlibdnnl2\\n', 'libdnnl2'],
    ['libdnnl3\\nlibdnnl-dev\\n', 'libdnnl3'],
    ['', 'libdnnl2'],
  ])('names the package that Debian has (%j)', async (known, name) => {
    await program('apt-get');
    await program('apt-cache', known);
    expect(withoutSudo(await installCommand('linux'))).toBe(`apt-get install ${name}`);
  });

  it('is for the package manager that Linux has', async () => {
    await program('brew');
    expect(await installCommand('linux')).toBe('brew install onednn');
    await program('dnf');
    expect(withoutSudo(await installCommand('linux'))).toBe('dnf install onednn');
    await program('apt-get');
    expect(withoutSudo(await installCommand('linux'))).toBe('apt-get install libdnnl2');
  });

  it('asks for sudo unless it is root who reads it', async () => {
    await program('dnf');
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    expect(await installCommand('linux')).toBe('sudo dnf install onednn');
    vi.spyOn(process, 'getuid').mockReturnValue(0);
    expect(await installCommand('linux')).toBe('dnf install onednn');
  });

  it('is brew on a Mac, conda on Windows, in a conda environment and where nothing else is known', async () => {
    const conda = 'conda install -c conda-forge onednn';
    expect(await installCommand('darwin')).toBe('brew install onednn');
    expect(await installCommand('win32')).toBe(conda);
    expect(await installCommand('linux')).toBe(conda);
    await program('apt-get');
    vi.stubEnv('CONDA_PREFIX', folder);
    expect(await installCommand('linux')).toBe(conda);
  });
});
