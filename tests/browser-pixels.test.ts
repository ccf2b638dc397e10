/** The browser's steps from picture to input, against those that images take in Node. */

import sharp from 'sharp';
import { Random } from 'skein';
import { describe, expect, it, test } from 'vitest';
import { type Interpolation, networkInput, scaledMiddle } from '../examples/browser/pixels.ts';
import { decodeImage } from '../src/data/index.ts';

/** Blobs of several sizes, as in photographs: noise would hide a shift. */
async function picture(width: number, height: number): Promise<Buffer> {
  const random = new Random(`${width}×${height}`);
  const blobs = Uint8Array.from({ length: 12 * 9 * 3 }, () => random.integer(256));
  const raw = { width: 12, height: 9, channels: 3 as const };
  return sharp(blobs, { raw }).resize(width, height, { fit: 'fill', kernel: 'cubic' }).png().toBuffer();
}

interface Scaling {
  readonly resize?: { readonly shorterSide: number };
  readonly interpolation?: Interpolation;
}

async function bothWays(
  width: number,
  height: number,
  side: number,
  scaling: Scaling = {},
): Promise<{ node: Uint8Array; page: Uint8Array }> {
  const png = await picture(width, height);
  const { pixels } = await decodeImage(png, { channels: 3, height: side, width: side, ...scaling });
  const data = await sharp(png).ensureAlpha().raw().toBuffer();
  const rgb = scaledMiddle({ data, width, height }, { width: side, height: side, ...scaling });
  const planar = pixels.map((_, i) => rgb[3 * (i % (side * side)) + Math.floor(i / (side * side))] as number);
  return { node: pixels, page: planar };
}

describe('scaling and cropping', () => {
  it.each([
    [32, 32, 32],
    [31, 30, 30],
    [30, 37, 30],
  ])('cuts from the middle what needs no scaling: %i×%i to %i', async (width, height, side) => {
    const { node, page } = await bothWays(width, height, side);
    expect(page).toEqual(node);
  });

  it.each([
    [100, 80, 32, 2],
    [80, 101, 32, 2],
    [640, 480, 64, 3],
    [1200, 900, 32, 4],
    [28, 28, 32, 12],
    [20, 33, 32, 24],
  ])('differs from Node by a few levels of 255: %i×%i to %i', async (width, height, side, levels) => {
    const { node, page } = await bothWays(width, height, side);
    const differences = node.map((level, i) => Math.abs(level - (page[i] as number)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(levels);
  });

  it.each([
    [100, 80, 32, 'nearest', 0],
    [100, 80, 32, 'bilinear', 2],
    [80, 101, 32, 'bicubic', 2],
    [101, 81, 33, 'lanczos', 2],
    [640, 480, 64, 'bilinear', 3],
  ] as const)('goes by the shorter side, with %i×%i to %i %s', async (width, height, side, interpolation, levels) => {
    const scaling = { resize: { shorterSide: side + 9 }, interpolation };
    const { node, page } = await bothWays(width, height, side, scaling);
    const differences = node.map((level, i) => Math.abs(level - (page[i] as number)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(levels);
  });
});

test.each(['luma', 'light'] as const)('colours become grey as in Node: %s', async (grey) => {
  const random = new Random('colours');
  const [width, height] = [12, 9];
  const colours = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
  const image = sharp(colours, { raw: { width, height, channels: 3 } });
  const { pixels } = await decodeImage(await image.png().toBuffer(), { channels: 1, height, width, grey });
  const data = await image.ensureAlpha().raw().toBuffer();
  // a file of an earlier version does not say, and means light
  const said = grey === 'luma' ? { grey } : {};
  const input = networkInput(
    { data, width, height },
    { channels: 1, height, width, mean: [0], std: [1 / 255], ...said },
  );
  expect(input).toBeClose(pixels, { relative: 0, absolute: grey === 'luma' ? 0.01 : 1.01 });
});

test('each channel is normalised by its own mean and deviation, one after the other', () => {
  const data = Uint8Array.from([255, 0, 51, 255, 0, 102, 204, 255]);
  const normalisation = { mean: [0, 0.2, 0.4], std: [1, 0.5, 0.25] };
  const input = networkInput({ data, width: 2, height: 1 }, { channels: 3, height: 1, width: 2, ...normalisation });
  expect(input).toBeClose([1, 0, -0.4, 0.4, -0.8, 1.6], { absolute: 1e-6 });
});
