import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointError } from '../tensor/index.ts';
import { fileError } from './file-error.ts';
import { removeLeftovers, writeFileAtomic } from './index.ts';
import { ownPlace } from './running-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

const system = (command: string, ...words: string[]) => execFileSync(command, words, { stdio: 'ignore' });

describe('writeFileAtomic', () => {
  it('writes bytes and text, and replaces what was there', async () => {
    const path = join(folder, 'a');
    await writeFileAtomic(path, new Uint8Array([1, 2, 3]));
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    await writeFileAtomic(path, 'ü');
    expect(await readFile(path, 'utf8')).toBe('ü');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('never shows a part of a file to a reader', async () => {
    const path = join(folder, 'a');
    const contents = [new Uint8Array(3_000_000).fill(1), new Uint8Array(2_000_000).fill(2)];
    await writeFileAtomic(path, contents[0] as Uint8Array);
    let writing = true;
    const writes = (async () => {
      for (let i = 1; i <= 10; i++) await writeFileAtomic(path, contents[i % 2] as Uint8Array);
      writing = false;
    })();
    while (writing) {
      const seen = await readFile(path);
      expect(contents.some((content) => seen.equals(content))).toBe(true);
    }
    await writes;
  });

  it('lets the last of several writers win and leaves nothing else', async () => {
    const path = join(folder, 'a');
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(1000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('leaves the previous file and no temporary one where writing fails', async () => {
    const path = join(folder, 'a');
    await writeFile(path, 'before');
    await expect(writeFileAtomic(path, 1 as never)).rejects.toBeInstanceOf(CheckpointError);
    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('leaves no temporary file where the name cannot be taken', async () => {
    const path = join(folder, 'a');
    await mkdir(path);
    await expect(writeFileAtomic(path, 'x')).rejects.toThrow(`${path}: cannot write: it is a folder, not a file`);
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('says what is wrong with the path', async () => {
    const path = join(folder, 'missing', 'a');
    const error = await writeFileAtomic(path, 'x').catch((error: unknown) => error);
    expect(error).toMatchObject({
      code: 'CHECKPOINT',
      message: `${path}: cannot write: there is no such file or folder`,
      hint: 'nothing was changed: if there was a file before, it is untouched',
    });
  });
});

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('on a full disk', () => {
  it('keeps the file that was there, and leaves nothing else', async (context) => {
    try {
      system('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
    } catch {
      context.skip('this root may not mount');
    }
    try {
      const path = join(folder, 'a');
      await writeFileAtomic(path, 'before');
      await expect(writeFileAtomic(path, new Uint8Array(100_000))).rejects.toMatchObject({
        message: `${path}: cannot write: the disk is full`,
        hint: 'make room there; nothing was changed: if there was a file before, it is untouched',
      });
      expect(await readFile(path, 'utf8')).toBe('before');
      expect(await readdir(folder)).toEqual(['a']);
    } finally {
      system('umount', folder);
    }
  });
});

describe('removeLeftovers', () => {
  it('removes what a dead process was writing, and nothing else', async () => {
    const dead = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    const here = await ownPlace();
    const named = (who: string | number) => `.skein-${who}-01234567-89ab-cdef-0123-456789abcdef.tmp`;
    const left = [named(`${here}-${dead}`), named(dead)];
    const others = [
      ...[named(`${here}-${process.pid}`), named(process.pid), '.skein-1.tmp'],
      ...[`${named(dead)}x`, 'last.safetensors', `x${named(dead)}`],
    ];
    for (const name of [...others, ...left]) await writeFile(join(folder, name), 'a part');
    await removeLeftovers(folder);
    expect((await readdir(folder)).sort()).toEqual([...others].sort());
  });

  it('leaves what is written on another machine, until nobody can be writing it any more', async () => {
    const path = join(folder, '.skein-00000000-999999999-01234567-89ab-cdef-0123-456789abcdef.tmp');
    await writeFile(path, 'a part');
    await removeLeftovers(folder);
    expect(await readdir(folder)).toHaveLength(1);
    const minutesAgo = new Date(Date.now() - 10 * 60_000);
    await utimes(path, minutesAgo, minutesAgo);
    await removeLeftovers(folder);
    expect(await readdir(folder)).toHaveLength(1);
    await removeLeftovers(folder, { isHeld: true });
    expect(await readdir(folder)).toEqual([]);
    await writeFile(path, 'a part');
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(path, twoDaysAgo, twoDaysAgo);
    await removeLeftovers(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it('has nothing to do where there is no folder', async () => {
    await expect(removeLeftovers(join(folder, 'missing'))).resolves.toBeUndefined();
  });
});

describe('fileError', () => {
  it('puts the reasons of the operating system into words', () => {
    const because = (code: string) => fileError('write', 'a', Object.assign(new Error('raw'), { code })).message;
    expect(because('ENOSPC')).toBe('a: cannot write: the disk is full');
    expect(because('EACCES')).toBe('a: cannot write: permission denied');
    expect(because('EXOTIC')).toBe('a: cannot write: raw');
  });
});
