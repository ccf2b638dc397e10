import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dataset, encodePng } from '../../data/index.ts';
import { slicesOf } from './slices.ts';

const dataset = (more: Partial<Dataset> = {}): Dataset => ({
  name: 'made',
  classes: ['a', 'b'],
  length: 8,
  read: () => {
    throw new Error('no image is needed');
  },
  ...more,
});
const rows = (labels: readonly number[], brightness: readonly number[]) => ({
  labels: Int32Array.from(labels),
  indices: Uint32Array.from(labels.keys()),
  brightness: Float32Array.from(brightness),
});
const alike = Array.from({ length: 8 }, () => 0.5);
const correct = Uint8Array.of(1, 1, 1, 1, 1, 0, 0, 0);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-slices-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('slicesOf', () => {
  it('makes quarters by brightness, from dark to bright', async () => {
    const brightness = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.8, 1];
    const [found] = await slicesOf(dataset(), rows([0, 0, 0, 0, 1, 1, 1, 1], brightness), correct);
    expect(found?.by).toBe('brightness');
    expect(found?.slices.map(({ label, images, correct }) => [label, images, correct])).toEqual([
      ['mean level 0 to 26', 2, 2],
      ['mean level 51 to 77', 2, 2],
      ['mean level 102 to 128', 2, 1],
      ['mean level 204 to 255', 2, 0],
    ]);
    expect(found?.slices[0]?.interval.high).toBe(1);
  });

  it('keeps equal values together, and says nothing where all are equal', async () => {
    expect(await slicesOf(dataset(), rows([0, 0, 0, 0, 1, 1, 1, 1], alike), correct)).toEqual([]);
    const [found] = await slicesOf(dataset(), rows([0, 0, 0, 0, 1, 1, 1, 1], [...alike.slice(1), 1]), correct);
    expect(found?.slices.map(({ images }) => images)).toEqual([7, 1]);
  });

  it('groups by folder where folders are more than classes', async () => {
    const ids = ['a/day/1', 'a/day/2', 'a/night/3', 'a/night/4', 'b/day/5', 'b/day/6', 'b/night/7', 'b/night/8'];
    const labels = [0, 0, 0, 0, 1, 1, 1, 1];
    const [found] = await slicesOf(dataset({ ids }), rows(labels, alike), correct);
    expect(found?.slices.map(({ label, images, correct }) => [label, images, correct])).toEqual([
      ['a/day', 2, 2],
      ['a/night', 2, 2],
      ['b/day', 2, 1],
      ['b/night', 2, 0],
    ]);
    const classesAlone = ids.map((id) => id.replace(/\/.*\//, '/'));
    expect(await slicesOf(dataset({ ids: classesAlone }), rows(labels, alike), correct)).toEqual([]);
  });

  it('groups by the size of the files’ own pictures', async () => {
    const paths = await Promise.all(
      [10, 10, 20, 20, 30, 30, 40, 40].map(async (side, i) => {
        const path = join(folder, `${i}.png`);
        const pixels = new Uint8Array(3 * 10 * side);
        await writeFile(path, await encodePng({ channels: 3, height: 10, width: side, pixels }));
        return path;
      }),
    );
    const images = { paths, size: { channels: 3, height: 8, width: 8 } as const };
    const [found] = await slicesOf(dataset({ images }), rows([0, 0, 0, 0, 1, 1, 1, 1], alike), correct);
    expect([found?.by, ...(found?.slices.map(({ label }) => label) ?? [])]).toEqual([
      'size',
      '100 pixels',
      '200 pixels',
      '300 pixels',
      '400 pixels',
    ]);
  });
});
