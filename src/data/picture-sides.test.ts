import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pictureSides } from './picture-sides.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-sides-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('tells the sides of pictures as they stand upright, in the order asked for', async () => {
  const at = (name: string) => join(folder, name);
  const picture = sharp({ create: { width: 30, height: 20, channels: 3, background: '#336699' } });
  await picture.clone().png().toFile(at('plain.png'));
  await picture.clone().withMetadata({ orientation: 6 }).jpeg().toFile(at('turned.jpg'));
  await writeFile(at('none.png'), 'no picture');
  expect(await pictureSides(['turned.jpg', 'none.png', 'plain.png', 'missing.png'].map(at))).toEqual([
    { height: 30, width: 20 },
    undefined,
    { height: 20, width: 30 },
    undefined,
  ]);
});
