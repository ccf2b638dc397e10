import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeImage, encodePng } from '../data/index.ts';
import { ConfigError, DataError, Random } from '../tensor/index.ts';
import { type ImageBatch, type ImageBatchesOptions, imageBatches } from './image-batches.ts';

const size = { channels: 3, height: 4, width: 6 } as const;
const normalisation = { mean: [0.5, 0.25, 0], std: [0.5, 2, 1] };

/** Random pixels of twice the size. */
const random = new Random('image batches');
const large = { channels: 3, height: 8, width: 12 };
const picture = () => encodePng({ ...large, pixels: Uint8Array.from({ length: 288 }, () => random.integer(256)) });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-images-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function collect(options: Pick<ImageBatchesOptions, 'images'> & Partial<ImageBatchesOptions>) {
  const all: ImageBatch[] = [];
  for await (const batch of imageBatches({ ...size, batchSize: 2, normalisation, ...options })) all.push(batch);
  return all;
}

test('a path, a file’s bytes and pixels of the right size are the same image, normalised', async () => {
  const png = await picture();
  const path = join(folder, 'picture.png');
  await writeFile(path, png);
  const image = await decodeImage(png, size);
  const [batch] = await collect({ images: [path, png, image], batchSize: 3 });
  const expected = Float32Array.from(image.pixels, (level, i) => {
    const channel = Math.floor(i / 24);
    return (level / 255 - (normalisation.mean[channel] as number)) / (normalisation.std[channel] as number);
  });
  for (const row of [0, 1, 2]) expect(batch?.pixels.subarray(72 * row, 72 * row + 72)).toEqual(expected);
});

test('images keep their order, and the last batch ends with zeros', async () => {
  const images = await Promise.all(Array.from({ length: 5 }, picture));
  const all = await collect({ images });
  expect(all.map(({ count }) => count)).toEqual([2, 2, 1]);
  const alone = (await Promise.all(images.map((image) => collect({ images: [image], batchSize: 1 })))).flat();
  const rows = all.flatMap(({ pixels }) => [pixels.subarray(0, 72), pixels.subarray(72)]);
  expect(rows.slice(0, 5)).toEqual(alone.map(({ pixels }) => pixels));
  expect(rows[5]).toEqual(new Float32Array(72));
  expect(await collect({ images: [] })).toEqual([]);
});

test('images are scaled as asked', async () => {
  const png = await picture();
  const scaling = { resize: { shorterSide: 6 }, interpolation: 'bilinear' } as const;
  const image = await decodeImage(png, { ...size, ...scaling });
  expect(await collect({ images: [png], ...scaling })).toEqual(await collect({ images: [image] }));
  expect(await collect({ images: [png], ...scaling })).not.toEqual(await collect({ images: [png] }));
});

test('where unreadable images are heard of, they are left out, and batches are full but for the last', async () => {
  const files = await Promise.all(Array.from({ length: 7 }, picture));
  const [a, b, c, d, e, f, g] = files as [Uint8Array, ...Uint8Array[]] as Uint8Array[];
  const [none, small] = [join(folder, 'none.png'), { channels: 1, height: 5, width: 5, pixels: new Uint8Array(25) }];
  const images = [none, a, small, b, c, none, none, none, d, e, f, none, g, none] as ImageBatchesOptions['images'];
  const unreadable: string[] = [];
  const onUnreadable = (index: number, error: DataError) => unreadable.push(`${index} ${error.code}`);
  const all = await collect({ images, batchSize: 3, onUnreadable });
  expect(all.map(({ indices }) => indices)).toEqual([[1, 3, 4], [8, 9, 10], [12], [], []]);
  expect(all.map(({ count }) => count)).toEqual([3, 3, 1, 0, 0]);
  expect(unreadable).toEqual([0, 2, 5, 6, 7, 11, 13].map((index) => `${index} DATA`));
  // the same pixels as without those between them, and zeros in the rest
  const readable = await collect({ images: files, batchSize: 3 });
  expect(all.slice(0, 3).map(({ pixels }) => pixels)).toEqual(readable.map(({ pixels }) => pixels));
  const errors = await collect({ images: [none, none], onUnreadable });
  expect(errors.map(({ count, pixels }) => [count, pixels])).toEqual([[0, new Float32Array(144)]]);
});

test('what cannot be read is named, after the batches before it', async () => {
  const png = await picture();
  const seen: number[] = [];
  const until = async (images: ImageBatchesOptions['images']) => {
    seen.length = 0;
    for await (const { count } of imageBatches({ ...size, images, batchSize: 2, normalisation })) seen.push(count);
  };
  await expect(until([png, png, png, join(folder, 'none.png')])).rejects.toThrow(/none\.png/);
  expect(seen).toEqual([2]);
  const small = { channels: 1, height: 5, width: 5, pixels: new Uint8Array(25) };
  await expect(until([png, png, small])).rejects.toThrow(
    'image 2: expected [3, 4, 6] as the network takes it, but got [1, 5, 5] with 25 bytes',
  );
  await expect(until([small])).rejects.toThrow(DataError);
  const short = { ...size, pixels: new Uint8Array(71) };
  await expect(until([short])).rejects.toThrow('but got [3, 4, 6] with 71 bytes');
  expect(() => imageBatches({ ...size, images: [], batchSize: 2, normalisation: { mean: [0], std: [1] } })).toThrow(
    ConfigError,
  );
});
