import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePng } from '../src/data/index.ts';
import { Random } from '../src/tensor/index.ts';
import { skein } from './run-skein.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-bench-data-'));
  const random = new Random(1);
  for (const name of ['a', 'b']) {
    await mkdir(join(folder, name));
    for (let i = 0; i < 4; i++) {
      const pixels = Uint8Array.from({ length: 3 * 40 * 30 }, () => random.integer(256));
      await writeFile(join(folder, name, `${i}.png`), await encodePng({ channels: 3, height: 30, width: 40, pixels }));
    }
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('skein bench data measures files to batches beside sharp alone, and from decoded pictures', async () => {
  const flags = ['--augment', 'flip', '--image-size', '16', '-j', '1', '--rounds', '1', '--no-peer', '--json'];
  const { stdout } = await skein('bench', 'data', '--data', folder, ...flags);
  const rate = expect.any(Number);
  expect(JSON.parse(stdout)).toEqual({
    images: 6,
    imageSize: 16,
    augmentation: ['flip'],
    workers: 1,
    rounds: 1,
    imagesPerSecond: rate,
    sharp: { imagesPerSecond: rate, ratio: rate },
    torch: null,
    cached: { imagesPerSecond: rate, ratio: rate },
  });
});
