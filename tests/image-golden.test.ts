/** Images of every kind that is read beside PIL and Little CMS: small ones that are committed, and photographs where both are there. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeImage, decodeStored } from '../src/data/index.ts';

interface Expected {
  readonly height: number;
  readonly width: number;
  readonly most?: number;
  readonly mean?: number;
  readonly pixels: string;
}

const folder = fileURLToPath(new URL('image-golden', import.meta.url));
const text = await readFile(join(folder, 'pixels.json'), 'utf8');
const golden = Object.entries(JSON.parse(text) as Record<string, Expected>);

/** The picture as decodeStored has it, and decodeImage at the picture's own size, each beside what PIL made of the file. */
async function expectLike(path: string, { height, width, most, mean, pixels }: Expected): Promise<void> {
  const expected = inflateSync(Buffer.from(pixels, 'base64'));
  const stored = await decodeStored(path, { channels: 3, least: Math.min(height, width) });
  expect(stored).toMatchObject({ height, width, channels: 3 });
  const { pixels: planes } = await decodeImage(path, { channels: 3, height, width });
  const area = height * width;
  const interleaved = planes.map((_, i) => planes[(i % 3) * area + Math.floor(i / 3)] as number);
  for (const found of [stored.pixels, interleaved]) {
    expect(found).toHaveLength(expected.length);
    let [largest, sum] = [0, 0];
    for (const [i, level] of expected.entries()) {
      const off = Math.abs(level - (found[i] as number));
      largest = Math.max(largest, off);
      sum += off;
    }
    if (most !== undefined) expect(largest).toBeLessThanOrEqual(most);
    if (mean !== undefined) expect(sum / expected.length).toBeLessThanOrEqual(mean);
  }
}

test.each(golden)('%s has the pixels that PIL makes of it', async (name, expected) => {
  await expectLike(join(folder, name), expected);
});

test('a grey picture of 16 bits is v / 257, rounded', async () => {
  const { pixels } = await decodeStored(join(folder, 'png-16-grey.png'), { channels: 3, least: 14 });
  const [, expected] = golden.find(([name]) => name === 'png-16-grey.png') as [string, Expected];
  expect(Buffer.from(pixels)).toEqual(inflateSync(Buffer.from(expected.pixels, 'base64')));
});

const python = '/usr/bin/python3';
const shared = process.env.SKEIN_SHARED_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
const clothing = join(shared, 'clothing', 'test');
const hasPil = spawnSync(python, ['-c', 'import PIL.ImageCms, numpy']).status === 0;
if (!hasPil) console.warn(`image-golden.test.ts: the comparison with PIL is skipped: ${python} has no PIL and numpy`);
if (!existsSync(clothing)) console.warn(`image-golden.test.ts: the photographs are skipped: no ${clothing}`);

test.skipIf(!hasPil)('what PIL makes of the files here is what is committed', async () => {
  for (const [path, found] of Object.entries(byPil(golden.map(([name]) => join(folder, name))))) {
    const [, committed] = golden.find(([name]) => path.endsWith(`/${name}`)) as [string, Expected];
    expect(found).toMatchObject({ height: committed.height, width: committed.width });
    await expectLike(path, found);
  }
});

test.skipIf(!hasPil || !existsSync(clothing))(
  'photographs have the pixels that PIL makes of them (needs ../shared/data)',
  async () => {
    const classes = await readdir(clothing);
    const paths = await Promise.all(
      classes.map(async (name) =>
        (await readdir(join(clothing, name))).slice(0, 3).map((file) => join(clothing, name, file)),
      ),
    );
    for (const [path, found] of Object.entries(byPil(paths.flat()))) await expectLike(path, found);
  },
);

function byPil(paths: readonly string[]): Record<string, Expected> {
  const script = fileURLToPath(new URL('image_golden.py', import.meta.url));
  const { stdout, stderr } = spawnSync(python, [script], {
    input: paths.join('\n'),
    maxBuffer: 1 << 30,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, Expected>;
}
