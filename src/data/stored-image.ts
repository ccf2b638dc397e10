/** Image files as their pictures are, for those who cut from them: not scaled to a size, but no larger than is of use. */
import { luma } from './decode-image.ts';
import { decodedFile } from './decoded-file.ts';
import type { Extent, Pixels } from './resample.ts';
import type { Scaling } from './scaling.ts';
import { plainJpeg } from './turbo-jpeg.ts';
import type { UprightPicture } from './upright-picture.ts';

/** What `decodeStored` makes of a file. */
export interface StoredSize {
  /** 3: sRGB. 1: grey, as `Scaling` has it. */
  readonly channels: 1 | 3;
  readonly grey?: Scaling['grey'];
  /** Pixels of the shorter side that are of use: a larger picture is halved as long as it has them. */
  readonly least: number;
}

/** The most that a decoder can divide a JPEG by while it decodes. */
const divisors = [8, 4, 2];

/**
 * An image file, upright, in sRGB and on white as `decodeImage` has it, [height, width, channels]; its sides divided by 2, 4 or 8 where the
 * shorter one then still has `least` pixels. @throws DataError naming the file
 */
export function decodeStored(
  pathOrBytes: string | Uint8Array,
  { channels, grey, least }: StoredSize,
): Promise<Pixels & { readonly isInterleaved: true }> {
  const stored = ({ height, width }: Extent, rgb: Uint8Array) =>
    ({ channels, height, width, pixels: channels === 3 ? rgb : luma(rgb), isInterleaved: true }) as const;
  const isLight = channels === 1 && grey === 'light';
  const divided = ({ height, width }: Extent) => divisorOf(Math.min(height, width), least);
  const quick = async (bytes: Uint8Array) => {
    const plain = isLight ? undefined : await plainJpeg(bytes, divided);
    return plain && stored(plain, plain.pixels);
  };
  const decode = async ({ picture, inLevels, sides }: UprightPicture) => {
    const { width, height } = await sides();
    const divisor = divided({ width, height });
    const size = { width: Math.ceil(width / divisor), height: Math.ceil(height / divisor) };
    const sized = divisor === 1 ? picture : picture.resize({ ...size, fit: 'fill' });
    // grey of linear light is the decoder's own
    const levels = isLight ? sized.greyscale().toColourspace('b-w') : inLevels(sized);
    const { data, info } = await levels.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (isLight)
      return { channels, height: info.height, width: info.width, pixels: data, isInterleaved: true } as const;
    return stored(info, rgbOf(data, info.channels));
  };
  return decodedFile(pathOrBytes, decode, quick);
}

const divisorOf = (shorter: number, least: number) => divisors.find((by) => Math.ceil(shorter / by) >= least) ?? 1;

/** A picture keeps this many pixels of its shorter side for each that a sample has: boxes are cut from it. */
const detail = 1.5;

/** Pixels of the shorter side that are of use where samples of this size are cut. */
export const leastSide = (size: Extent): number => Math.ceil(detail * Math.max(size.height, size.width));

/** What the sides of a picture are divided by. */
export const divisorFor = (picture: Extent, sample: Extent): number =>
  divisorOf(Math.min(picture.height, picture.width), leastSide(sample));

/** Grey pictures may come with one channel. */
function rgbOf(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let from = 0, to = 0; from < data.length; from += channels)
    for (let channel = 0; channel < 3; channel++) rgb[to++] = data[from] as number;
  return rgb;
}
