import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { smallCheckpoint } from '../../tests/small-checkpoint.ts';
import { RunFolder } from './run-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('is left as it is by a run that stood still until another took it', async () => {
  const path = join(folder, 'run');
  const run = new RunFolder(path);
  await run.take({ resume: false });
  await run.begin({ model: 'resnet8' }, 'split');
  await writeFile(join(path, '.skein-lock'), JSON.stringify({ host: 'elsewhere', pid: 1 }));
  const contents = async () =>
    Promise.all((await readdir(path)).sort().map(async (name) => [name, await readFile(join(path, name), 'utf8')]));
  const before = await contents();
  const checkpoint = smallCheckpoint();
  const writes = {
    begin: () => run.begin({ model: 'resnet20' }, undefined),
    goOn: () => run.goOn({ step: 0, epoch: 0 } as never, { model: 'resnet20' }, 'another'),
    log: () => run.log({ kind: 'step' } as never),
    results: () => run.results([]),
    save: () => run.save('last', checkpoint),
    keepEpoch: () => run.keepEpoch(checkpoint, { epoch: 1 } as never),
    report: () => run.report(async () => 'page'),
  };
  for (const [name, write] of Object.entries(writes)) await expect(write(), name).rejects.toThrow('another took it');
  await run.leave();
  expect(await contents()).toEqual(before);
});
