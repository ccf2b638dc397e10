import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBytes } from './binary-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-unreadable-'));
});
afterAll(() => rm(folder, { recursive: true }));

const onLinux = test.runIf(process.platform === 'linux');

test('a link that leads nowhere is called broken, with what it leads to', async () => {
  const path = join(folder, 'link.jpg');
  await symlink('gone.jpg', path);
  await expect(readBytes(path)).rejects.toMatchObject({
    message: `${path}: a broken link: there is no gone.jpg`,
    hint: 'put the file there, or remove the link',
  });
});

onLinux('a pipe, a circle of links and a device are called what they are', async () => {
  const at = (name: string) => join(folder, name);
  execFileSync('mkfifo', [at('pipe.jpg')]);
  await symlink('circle.jpg', at('circle.jpg'));
  await expect(readBytes(at('pipe.jpg'))).rejects.toThrow('pipe.jpg: expected a file, but it is a pipe');
  await expect(readBytes(at('circle.jpg'))).rejects.toThrow('it is a link that leads in a circle');
  await expect(readBytes('/dev/zero')).rejects.toThrow('expected a file, but it is a device');
});

onLinux('a name that is not UTF-8 is told, since it cannot be opened by what the listing calls it', async () => {
  await writeFile(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9), Buffer.from('.jpg')]), 'x');
  const name = (await readdir(folder)).find((each) => each.startsWith('caf')) ?? '';
  await expect(readBytes(join(folder, name))).rejects.toMatchObject({
    message: expect.stringContaining('is not UTF-8'),
    hint: expect.stringContaining('rename it'),
  });
});
