import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SkeinError } from '../tensor/index.ts';
import { lockFolder } from './index.ts';
import { ownPlace } from './running-process.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, '.skein-lock');
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

const refusal = (): Promise<SkeinError> =>
  lockFolder(folder).then(
    () => expect.fail('it should have been refused'),
    (error: SkeinError) => error,
  );
const deadPid = () => Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
const deadHere = async () => ({ pid: deadPid(), place: await ownPlace() });
const leave = (holder: object) => writeFile(path, JSON.stringify({ host: hostname(), ...holder }));

describe('a locked folder', () => {
  it('is refused to others until it is released, and then holds nothing of it', async () => {
    const lock = await lockFolder(folder);
    const { code, message, hint } = await refusal();
    expect(code).toBe('CONFIG');
    expect(message).toBe(
      `${folder}: expected a run folder that no other run writes to, but process ${process.pid} does`,
    );
    expect(hint).toContain('Ctrl-C');
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder)).release();
  });

  it('goes to one alone of many that ask at the same time, also where a dead one held it', async () => {
    for (const before of ['nobody', 'a dead process']) {
      if (before !== 'nobody') await leave({ pid: deadPid() });
      const asked = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
      const got = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(got, before).toHaveLength(1);
      await got[0]?.release();
      expect(await readdir(folder), before).toEqual([]);
    }
  });

  it('is free where its process has died', async () => {
    await leave({ pid: deadPid(), started: '1' });
    const lock = await lockFolder(folder);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  it('is free where a process has died that was taking it from a dead one', async () => {
    await leave({ pid: deadPid() });
    await writeFile(`${path}-claim`, JSON.stringify({ host: hostname(), pid: deadPid() }));
    const lock = await lockFolder(folder);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is free where a process of this place has died, and that of an earlier version on this host', async () => {
    for (const holder of [await deadHere(), { pid: deadPid() }]) {
      await leave(holder);
      await (await lockFolder(folder)).release();
    }
  });

  it('is not taken from a container or a machine of the same name where no such process can be seen', async () => {
    await leave({ pid: deadPid(), place: '00000000' });
    expect(await refusal()).toMatchObject({
      message: expect.stringContaining(` on ${hostname()} does`),
      hint: expect.stringContaining(`delete ${path}`),
    });
  });

  it('says to who holds it when it is another’s by now, and takes it again where it was deleted', async () => {
    const lock = await lockFolder(folder);
    await lock.expectHeld();
    await rm(path);
    await lock.expectHeld();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    await rm(path);
    await Promise.all([lock.expectHeld(), lock.expectHeld()]);
    await leave({ host: 'elsewhere', pid: 1 });
    await expect(lock.expectHeld()).rejects.toThrow('this process was not heard of for a while, and another took it');
    // another that took it and is done
    await rm(path);
    vi.setSystemTime(Date.now() + 60_000);
    await expect(lock.expectHeld()).rejects.toThrow('another took it');
    await lock.release();
  });

  it.runIf(process.platform === 'linux')('is free where another process has the id by now', async () => {
    await leave({ pid: process.pid, started: '1' });
    await (await lockFolder(folder)).release();
  });

  it('is not taken from another machine, or from someone unknown; the message names the file to delete', async () => {
    await leave({ host: 'elsewhere', pid: 1 });
    expect(await refusal()).toMatchObject({
      message: expect.stringContaining('but process 1 on elsewhere does'),
      hint: expect.stringContaining(`delete ${path}`),
    });
    for (const text of ['', 'not JSON', 'null', '{"pid":-1,"host":"x"}', '{"pid":1}']) {
      await writeFile(path, text);
      expect((await refusal()).hint, text).toContain(`delete ${path}`);
    }
  });

  it('is taken from another machine that gives no sign of life, and not from one that does', async () => {
    await leave({ host: 'elsewhere', pid: 1, beats: 0.2 });
    const beat = setInterval(() => utimes(path, new Date(), new Date()), 20);
    await expect(lockFolder(folder)).rejects.toThrow('but process 1 on elsewhere does');
    clearInterval(beat);
    await (await lockFolder(folder)).release();
    // a container that is gone, of the same host name; and one that was taking the folder from a dead one
    await leave({ ...(await deadHere()), place: '00000000', beats: 0.2 });
    await writeFile(`${path}-claim`, JSON.stringify({ host: 'elsewhere', pid: 1, beats: 0.2 }));
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('releases only its own lock', async () => {
    const lock = await lockFolder(folder);
    await leave({ host: 'elsewhere', pid: 1 });
    await lock.release();
    expect(await readFile(path, 'utf8')).toContain('elsewhere');
  });

  it('must be there and writable', async () => {
    await expect(lockFolder(join(folder, 'missing'))).rejects.toThrow('missing: cannot write to it: there is no such');
  });
});
