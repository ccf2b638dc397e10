import sharp from 'sharp';
import { describe, expect, it, test } from 'vitest';
import { Random } from '../tensor/index.ts';
import { decodeImage } from './decode-image.ts';
import { unended } from './missing-end.ts';

const random = new Random('missing end');
const noise = (width: number, height: number) =>
  sharp(
    Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)),
    { raw: { width, height, channels: 3 } },
  );
const size = { channels: 3, height: 16, width: 16 } as const;
const jpegs = {
  baseline: { chromaSubsampling: '4:4:4' },
  subsampled: { quality: 50 },
  progressive: { progressive: true },
  optimised: { mozjpeg: true },
} as const;

/** A grey JPEG of 48×8 in which a restart marker follows each block: made of six of 8×8, which share their tables. */
async function restarting(): Promise<Buffer> {
  const grey = (width: number) =>
    noise(width, 8).greyscale().toColourspace('b-w').jpeg({ optimiseCoding: false }).toBuffer();
  const startOfScan = (jpeg: Buffer) => jpeg.indexOf('ffda', 0, 'hex');
  const coded = (jpeg: Buffer) => jpeg.subarray(startOfScan(jpeg) + 2 + jpeg.readUInt16BE(startOfScan(jpeg) + 2), -2);
  const wide = await grey(48);
  const blocks = (await Promise.all(Array.from({ length: 6 }, () => grey(8)))).map(coded);
  const at = startOfScan(wide);
  const header = wide.subarray(at, at + 2 + wide.readUInt16BE(at + 2));
  const scan = blocks.flatMap((block, i) => (i === 0 ? [block] : [Buffer.of(0xff, 0xd0 + i - 1), block]));
  return Buffer.concat([wide.subarray(0, at), Buffer.of(0xff, 0xdd, 0, 4, 0, 1), header, ...scan, wide.subarray(-2)]);
}

async function expectCut(bytes: Uint8Array): Promise<void> {
  for (const height of [8, 16, 64])
    await expect(decodeImage(bytes, { channels: 3, height, width: height })).rejects.toThrow(/the image is corrupt/);
}

describe.each(Object.entries(jpegs))('a %s JPEG', (_, options) => {
  it('is read without its end marker, or with half of it, to the same pixels', async () => {
    for (const [width, height] of [
      [64, 48],
      [33, 70],
      [8, 8],
    ] as const) {
      const whole = await noise(width, height).jpeg(options).toBuffer();
      const { pixels } = await decodeImage(whole, size);
      for (const cut of [1, 2]) expect((await decodeImage(whole.subarray(0, -cut), size)).pixels).toEqual(pixels);
    }
  });

  it('that is cut off before its last pixel is an error, wherever that is', async () => {
    const whole = await noise(64, 48).jpeg(options).toBuffer();
    for (const share of [0.3, 0.5, 0.7, 0.9, 0.97]) await expectCut(whole.subarray(0, whole.length * share));
    for (const cut of [4, 5, 8, 20]) await expectCut(whole.subarray(0, -cut));
  });

  it('that was cut off and filled up with zeros is an error', async () => {
    const whole = await noise(64, 48).jpeg(options).toBuffer();
    for (const share of [0.5, 0.9]) {
      const filled = new Uint8Array(whole.length);
      filled.set(whole.subarray(0, whole.length * share));
      await expectCut(filled);
    }
  });
});

test('a progressive JPEG that stops between two scans is an error: its first scans are only a blur', async () => {
  const whole = await noise(64, 48).jpeg({ progressive: true }).toBuffer();
  const scans: number[] = [];
  for (let at = whole.indexOf('ffda', 0, 'hex'); at >= 0; at = whole.indexOf('ffda', at + 2, 'hex')) scans.push(at);
  expect(scans.length).toBeGreaterThan(5);
  // tables of the next scan stand between the two
  for (const at of scans.slice(1)) {
    const table = whole.lastIndexOf('ffc4', at, 'hex');
    await expectCut(whole.subarray(0, table > (scans[scans.indexOf(at) - 1] as number) ? table : at));
  }
});

describe('whatever part of a tall picture is asked for,', () => {
  it.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)(
    'a %s that is cut off below it is an error',
    async (format) => {
      const whole = await noise(40, 800).toFormat(format).toBuffer();
      await expectCut(whole.subarray(0, whole.length * 0.98));
    },
  );
});

test('every byte counts: what is accepted has the same pixels', async () => {
  const size = { channels: 3, height: 70, width: 33 } as const;
  for (const options of Object.values(jpegs)) {
    const whole = await noise(33, 70).jpeg(options).toBuffer();
    const { pixels } = await decodeImage(whole, size);
    let accepted = 0;
    for (let cut = 1; cut < 40; cut++) {
      const image = await decodeImage(whole.subarray(0, -cut), size).catch(() => undefined);
      if (image) expect(image.pixels).toEqual(pixels);
      if (image) accepted++;
    }
    // padding bits may fill a byte, and the last bits of colour may be invisible
    expect(accepted).toBeGreaterThanOrEqual(2);
    expect(accepted).toBeLessThan(8);
  }
});

test('a JPEG with restart markers may be cut off at one', async () => {
  const whole = await restarting();
  const restarts: number[] = [];
  for (let at = 0; at + 1 < whole.length; at++)
    if (whole[at] === 0xff && (whole[at + 1] as number) >= 0xd0 && (whole[at + 1] as number) <= 0xd7) restarts.push(at);
  expect(restarts.length).toBeGreaterThan(3);
  for (const at of restarts) for (const end of [at, at + 1, at + 2]) await expectCut(whole.subarray(0, end));
  expect((await decodeImage(whole.subarray(0, -2), size)).pixels).toEqual((await decodeImage(whole, size)).pixels);
});

test('bytes after the end marker harm nothing', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const) {
    const whole = await noise(20, 20).toFormat(format).toBuffer();
    const longer = Buffer.concat([whole, Buffer.from('more than an image\0\0\0\0')]);
    expect((await decodeImage(longer, size)).pixels).toEqual((await decodeImage(whole, size)).pixels);
  }
});

test('a JPEG with a preview inside is no exception: the preview’s end is not its own', async () => {
  const preview = await noise(8, 8).jpeg().toBuffer();
  const app = Buffer.from([0xff, 0xe5, (preview.length + 2) >> 8, (preview.length + 2) & 255]);
  const plain = await noise(64, 48).jpeg().toBuffer();
  const whole = Buffer.concat([plain.subarray(0, 2), app, preview, plain.subarray(2)]);
  expect((await decodeImage(whole.subarray(0, -2), size)).pixels).toEqual((await decodeImage(plain, size)).pixels);
  await expectCut(whole.subarray(0, whole.length / 2));
});

describe.each([
  ['plain', {}],
  ['interlaced', { progressive: true }],
  ['palette', { palette: true }],
] as const)('a PNG (%s)', (_, options) => {
  it('is read without its end chunk, or with a part of it', async () => {
    const whole = await noise(40, 30).png(options).toBuffer();
    const { pixels } = await decodeImage(whole, size);
    for (let cut = 1; cut <= 12; cut++)
      expect((await decodeImage(whole.subarray(0, -cut), size)).pixels).toEqual(pixels);
  });

  it('that is cut off in its pixels is an error', async () => {
    const whole = await noise(40, 30).png(options).toBuffer();
    for (const share of [0.3, 0.5, 0.9, 0.97]) await expectCut(whole.subarray(0, whole.length * share));
  });
});

test('what has an end is left alone; what has no pixels is cut off', async () => {
  const jpeg = await noise(16, 16).jpeg().toBuffer();
  expect(unended(jpeg)).toBeUndefined();
  expect(unended(jpeg.subarray(0, 200))).toEqual({ ended: undefined, continued: [] });
  const png = await noise(16, 16).png().toBuffer();
  expect(unended(png)).toBeUndefined();
  expect(unended(png.subarray(0, 33))).toEqual({ ended: undefined, continued: [] });
  expect(unended(await noise(16, 16).webp().toBuffer())).toBeUndefined();
});
