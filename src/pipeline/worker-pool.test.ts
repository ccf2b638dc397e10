import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { putImageFiles } from '../../tests/image-files.ts';
import { decoderVersions } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';
import type { FileJob } from './file-job.ts';
import { augmentationFrom } from './module-augmentation.ts';
import { type SentAugmentation, sentAugmentations } from './sent-augmentation.ts';
import { WorkerPool } from './worker-pool.ts';

const module = new URL('../../tests/thread-augmentation.ts', import.meta.url);
const length = 3 * 8 * 8;
const normalisation = { mean: [0, 0, 0], std: [1, 1, 1] };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-workers-'));
  await putImageFiles(folder, ['a'], 6);
  await decoderVersions();
});
afterAll(() => rm(folder, { recursive: true }));

let pool: WorkerPool;
afterEach(() => pool.close());

const start = (workers: number, heapMegabytes?: number) => {
  pool = new WorkerPool(workers, heapMegabytes);
};
const sent = async (inThread: string): Promise<SentAugmentation[]> =>
  sentAugmentations([await augmentationFrom(module, { inThread })]) as SentAugmentation[];

/** Images 0.jpg, 1.png, … with a label each. */
const job = (labels: readonly number[]): FileJob => ({
  treatment: { size: { channels: 3, height: 8, width: 8 }, normalisation, seed: 0, epoch: 0, draws: 'each' },
  rows: labels.map((label, row) => ({
    row,
    index: row,
    label,
    repeat: 0,
    path: join(folder, 'a', `${row}.${row % 2 === 0 ? 'jpg' : 'png'}`),
  })),
  isKept: false,
});
const room = (rows: number) => new Float32Array(new SharedArrayBuffer(4 * length * rows));
const run = async (labels: readonly number[], inThread: string) =>
  pool.run(job(labels), await sent(inThread), room(labels.length));

test('rows are filled, and another job can follow', async () => {
  start(2);
  const images = room(3);
  const augment = await sent('brighten');
  const [first, second] = await Promise.all([pool.run(job([0, 1, 0]), augment, images), run([0], 'brighten')]);
  expect([first.failed, second.failed]).toEqual([[], []]);
  for (const row of [0, 1, 2]) expect(images.subarray(row * length, (row + 1) * length).some((x) => x > 0)).toBe(true);
});

test.each([
  ['exits', 'exit', /0\.jpg: the thread that prepared it ended \(worker exited with code: 3\)/],
  ['fills its memory', 'fill memory', /0\.jpg: the thread that prepared it ended \(.*memory limit/],
])('a thread that %s is an error that names the file, and others go on', async (_, how, message) => {
  start(1, 64);
  const ended = run([1], how);
  // there is one thread: these wait for the next
  const after = [run([0, 0], how), run([0], 'brighten')];
  await expect(ended).rejects.toThrow(message);
  await expect(ended).rejects.toThrow(DataError);
  for (const one of await Promise.all(after)) expect(one.failed).toEqual([]);
});

test('a thread that stands still is an error that names the file, and another takes its place', async () => {
  start(1);
  await run([0], 'stand still');
  pool.patience = 100;
  await expect(run([1], 'stand still')).rejects.toThrow(/0\.jpg: for 0\.1 seconds nothing came of preparing it/);
  pool.patience = 60_000;
  expect(await run([0], 'brighten')).toMatchObject({ failed: [] });
});

test('among several files those are named that were under way', async () => {
  start(1);
  await expect(run([0, 0, 1, 0, 0, 0], 'exit')).rejects.toThrow(/a\/2\.jpg.*: the thread that prepared it ended/);
});

test('what is thrown in a thread is thrown here', async () => {
  start(1);
  await expect(run([1], 'throw')).rejects.toThrow(/^no such fog$/);
  const missing: SentAugmentation = { name: 'fog', options: {}, module: new URL('none.js', module).href };
  await expect(pool.run(job([0]), [missing], room(1))).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining('none.js: cannot be imported'),
  });
});

test('closing ends a thread that is at work, and what waits for it', async () => {
  start(1);
  const both = Promise.allSettled([run([1], 'stand still'), run([0], 'brighten')]);
  const first = run([0], 'brighten');
  await Promise.resolve();
  await pool.close();
  for (const ended of [...(await both), ...(await Promise.allSettled([first]))])
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'CONFIG' } });
  await expect(run([0], 'brighten')).rejects.toThrow('it was closed');
});
