/** What a run has saved stays, and it can go on, where its disk is full, or cannot be written to any more. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { putImageFiles } from './image-files.ts';
import { contentOf, differences, live } from './killed-run.ts';
import { skein } from './run-skein.ts';
import { SmallDisk } from './small-disk.ts';

let folder: string;
let data: string;
let mayMount = false;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-full-'));
  data = join(folder, 'photos');
  await putImageFiles(data, ['a', 'b'], 10);
  await mkdir(join(folder, 'disk'));
  const disk = SmallDisk.mount(join(folder, 'disk'), '64k');
  mayMount = disk !== undefined;
  disk?.unmount();
  if (!mayMount) console.warn('tests of full disks are skipped: they need a root that may mount');
});
afterAll(() => rm(folder, { recursive: true }));

/** Three epochs of two steps; each epoch keeps a checkpoint of 0.6 MB. */
const words = (out: string, ...more: string[]) => [
  ...['train', 'resnet8', '--data', data, '--image-size', '16', '--batch-size', '8', '--val-fraction', '0.2'],
  ...['--epochs', '3', '--engine', 'onnxruntime', '--threads', '1', '--workers', '0', '--keep', '3'],
  ...['--out', out, ...more],
];

async function onDisk(size: string, use: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = SmallDisk.mount(join(folder, 'disk'), size) as SmallDisk;
  try {
    await use(disk);
  } finally {
    disk.unmount();
  }
}

// several runs each, on whatever else the machine does
const timeout = 300_000;

describe('a run whose disk is full', { timeout }, () => {
  it('ends with what to do; all that it saved is whole, and it goes on to the same bytes', async (context) => {
    if (!mayMount) context.skip('this process may not mount');
    const whole = join(folder, 'whole');
    expect((await skein(...words(whole))).code).toBe(0);
    await onDisk('2500k', async (disk) => {
      const run = join(disk.folder, 'run');
      const { code, stderr } = await skein(...words(run));
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /run\/\S+: cannot write: the disk is full\n.*make room.*run keeps the run as it was after epoch 1/,
      );
      expect(stderr).not.toMatch(/\n +at /);
      const saved = (await readdir(run)).filter((name) => name !== 'config.yaml' && name !== 'split.csv');
      expect(
        saved.filter((name) => !/^(last|best|epoch-\d{3})\.safetensors$|^(metrics\.jsonl|results\.csv)$/.test(name)),
      ).toEqual([]);
      for (const name of saved.filter((one) => one.endsWith('.safetensors'))) await loadCheckpoint(join(run, name));
      expect((await loadCheckpoint(join(run, 'last.safetensors'))).training?.epoch).toBe(1);
      // still full: nothing changes
      expect((await skein('train', '--resume', run)).code).toBe(1);
      disk.change('size=20m');
      expect((await skein('train', '--resume', run)).code).toBe(0);
      expect(differences(await contentOf(whole), await contentOf(run))).toEqual([]);
    });
  });

  it('for decoded images alone goes on without them, says so once, and ends in the same bytes', async (context) => {
    if (!mayMount) context.skip('this process may not mount');
    const [without, full] = [join(folder, 'without'), join(folder, 'with')];
    expect((await skein(...words(without, '--cache', 'off'))).code).toBe(0);
    await onDisk('16k', async ({ folder: disk }) => {
      const { code, stdout, stderr } = await skein(...words(full, '--cache', join(disk, 'pictures')));
      expect(code).toBe(0);
      const told =
        /pictures: (?:no more decoded images are|decoded images cannot be) kept there \(the disk is (?:nearly )?full\); the run goes on without/g;
      expect(`${stdout}${stderr}`.match(told)).toHaveLength(1);
      expect(differences(await contentOf(without), await contentOf(full))).toEqual([]);
    });
  });
});

it('a run whose disk turns read-only ends with that reason, and goes on when it can be written to', {
  timeout,
}, async (context) => {
  if (!mayMount) context.skip('this process may not mount');
  const whole = join(folder, 'writable');
  expect((await skein(...words(whole))).code).toBe(0);
  await onDisk('20m', async (disk) => {
    const run = join(disk.folder, 'run');
    const started = words(run).slice(1, -2);
    const { code, stderr } = await live(run, started, { epochs: 2, changes: 1 }, () => disk.tryReadOnly());
    expect(code).toBe(1);
    expect(stderr).toMatch(/run\/\S+: cannot write: the file system is read-only\n.*run keeps the run as it was after/);
    disk.change('rw');
    expect((await skein('train', '--resume', run)).code).toBe(0);
    expect(differences(await contentOf(whole), await contentOf(run))).toEqual([]);
  });
});
