/** Images of all formats with bytes changed, cut off or added: a DataError that names the file, or a picture of the size that it says. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeImage, decodeStored } from '../src/data/index.ts';
import { DataError, Random } from '../src/tensor/index.ts';
import { mutated } from './mutated.ts';

/** All of them in `npm run test:all`. */
const count = process.env.MODE === 'all' ? 10_000 : 400;
/** What is allocated and freed in ever other sizes leaves holes; a leak of one small picture a file would be more. */
const mostGrowth = 150e6;

let folder: string;
let originals: readonly (readonly [name: string, bytes: Uint8Array])[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-mutated-'));
  const golden = fileURLToPath(new URL('image-golden', import.meta.url));
  const names = (await readdir(golden)).filter((name) => name !== 'pixels.json').sort();
  const files = names.map(async (name) => [name, await readFile(join(golden, name))] as const);
  const clear = await readFile(join(golden, 'png-alpha.png'));
  const avifs = ([8, 10] as const).map(
    async (bitdepth) => [`avif-${bitdepth}.avif`, await sharp(clear).avif({ bitdepth }).toBuffer()] as const,
  );
  originals = await Promise.all([...files, ...avifs, ...avifs, ...avifs]);
});
afterAll(() => rm(folder, { recursive: true }));

// a crash of the library ends the process of this file, which fails it
test(`of ${count} mutated images each is decoded or refused by name`, { timeout: 3_600_000 }, async () => {
  const random = new Random('mutated images');
  const outcomes = { decoded: 0, refused: 0 };
  let before = 0;
  for (let i = 0; i < count; i++) {
    const [name, bytes] = originals[random.integer(originals.length)] as (typeof originals)[number];
    const path = join(folder, name);
    await writeFile(path, mutated(bytes, random));
    const sample = decodeImage(path, { channels: 1, height: 9, width: 7 });
    const results = await Promise.allSettled([decodeStored(path, { channels: 3, least: 4 }), sample]);
    for (const result of results)
      if (result.status === 'fulfilled') {
        const { channels, height, width, pixels } = result.value;
        expect(pixels, `${i} ${name}`).toHaveLength(channels * height * width);
        outcomes.decoded++;
      } else {
        expect(result.reason, `${i} ${name}`).toBeInstanceOf(DataError);
        expect((result.reason as DataError).message).toContain(path);
        outcomes.refused++;
      }
    if (i === Math.floor(count / 2)) before = process.memoryUsage().rss;
  }
  const after = process.memoryUsage().rss;
  console.log(
    `${outcomes.decoded} decoded, ${outcomes.refused} refused; ${Math.round(before / 1e6)}, ${Math.round(after / 1e6)} MB`,
  );
  expect(Math.min(outcomes.decoded, outcomes.refused)).toBeGreaterThan(count / 4);
  expect(after - before).toBeLessThan(mostGrowth);
});
