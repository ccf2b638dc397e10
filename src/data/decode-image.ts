/** JPEG, PNG and WebP files as images of one size: whatever their orientation, colour space or depth. */
import { ConfigError, DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import { concurrencyLimit } from './concurrency-limit.ts';
import type { Image } from './dataset.ts';
import { fileKind, isReadableImage } from './file-kind.ts';
import { type Unended, unended } from './missing-end.ts';
import { loadSharp, type Sharp } from './sharp.ts';

/** How an image is brought to its size. */
export interface Scaling {
  /** Scale the shorter side to this many pixels before height × width is cut from the centre; without it, scale to just cover them. */
  readonly resize?: { readonly shorterSide: number };
  /** How new pixels are made of old ones. Default: Lanczos, and what makes large JPEGs quick to decode. */
  readonly interpolation?: 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';
  /**
   * How a colour becomes grey: `luma` is 0.299 R + 0.587 G + 0.114 B of the levels, as PIL and OpenCV have it; `light` is linear light, as Skein
   * had it at first. Default `luma`.
   */
  readonly grey?: 'luma' | 'light';
}

/** What `decodeImage` makes of a file. */
export interface ImageSize extends Scaling {
  /** 3: sRGB. 1: greyscale. */
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

/** sharp's names. */
const kernels = { nearest: 'nearest', bilinear: 'linear', bicubic: 'cubic', lanczos: 'lanczos3' } as const;

/** sharp's own limit, said aloud: a file of a few bytes may declare a picture that fills the memory. */
const mostPixels = 0x3fff * 0x3fff;

// more than libuv's four threads, so that they always find work, yet few enough open files and decoded images
const decoding = concurrencyLimit(16);

/**
 * Decodes a JPEG, PNG or WebP image (told by content): turned upright by its EXIF orientation, CMYK, 16-bit and grey converted
 * to 8-bit sRGB, transparency laid on white; then scaled as `Scaling` says, and height × width cropped at the centre.
 * Shorter side and crop are rounded as torchvision does: a shrunk image differs from its by a few levels of 255.
 * Of an animation, the first picture. A JPEG or PNG whose pixels are all there may lack the mark of its end. At most 16 images are decoded at a time, however many are asked for.
 * @param pathOrBytes a file's path or its content
 * @throws DataError naming the file where it is missing, of another format, corrupt, or declares more than 268 million pixels
 */
export function decodeImage(pathOrBytes: string | Uint8Array, size: ImageSize): Promise<Image> {
  return decoding(() => decodeNow(pathOrBytes, size));
}

async function decodeNow(pathOrBytes: string | Uint8Array, size: ImageSize): Promise<Image> {
  const { channels, height, width } = size;
  if (![height, width].every((side) => Number.isInteger(side) && side > 0) || (channels !== 1 && channels !== 3))
    throw new ConfigError(
      `decodeImage: expected 1 or 3 channels and positive sides, but got ${channels} channels, ${height}×${width}`,
    );
  const side = size.resize?.shorterSide ?? Math.max(height, width);
  if (!(Number.isInteger(side) && side >= Math.max(height, width)))
    throw new ConfigError(`decodeImage: expected a shorter side that covers ${height}×${width}, but got ${side}`);
  const where = typeof pathOrBytes === 'string' ? pathOrBytes : 'image';
  const bytes = typeof pathOrBytes === 'string' ? await readBytes(pathOrBytes) : pathOrBytes;
  if (!isReadableImage(bytes)) throw noImage(where, bytes);
  const data = await decodeWhole(await loadSharp(), bytes, size).catch((error: Error) => {
    if (error.message.includes('exceeds pixel limit'))
      throw new DataError(
        `${where}: expected an image of at most ${mostPixels} pixels, but it declares more`,
        'scale it down, or remove it: such a size is mostly a mistake or an attack',
      );
    const reason = error.message
      .trim()
      .replaceAll(/\s*\n\s*/g, '; ')
      .replace(/[:;]$/, '');
    throw new DataError(
      `${where}: the image is corrupt and cannot be decoded (${reason})`,
      'remove it, or replace it by an intact copy',
    );
  });
  const isGrey = data.length === height * width;
  return { channels, height, width, pixels: channels === 3 ? channelsFirst(data) : isGrey ? data : luma(data) };
}

/** @returns an error that says what the file is, where its first bytes tell */
function noImage(where: string, bytes: Uint8Array): DataError {
  const expected = `${where}: expected a JPEG, PNG or WebP image`;
  const kind = fileKind(bytes);
  return kind
    ? new DataError(`${expected}, but this is ${kind.is}`, kind.hint)
    : new DataError(`${expected}, but it starts like none of them`, 'convert it, or remove it from the folder');
}

/** `decode`; a file that only lacks the mark of its end is decoded as if it had it. */
async function decodeWhole(sharp: Sharp, bytes: Uint8Array, size: ImageSize): Promise<Uint8Array> {
  const open = unended(bytes);
  if (!open) return decode(sharp, bytes, size);
  // however small a part of the picture is asked for
  if (!open.ended || !(await isWhole(sharp, open))) throw new Error('the file stops within the picture');
  return decode(sharp, open.ended, size);
}

/** Whether every pixel is there. A decoder's own warnings do not tell: it may fill up the last row in silence. */
async function isWhole(sharp: Sharp, { ended, continued }: Unended): Promise<boolean> {
  const limit = { limitInputPixels: mostPixels };
  const pixels = await sharp(ended, { ...limit, failOn: 'error' })
    .raw()
    .toBuffer();
  for (const other of continued) {
    const found = await sharp(other, { ...limit, failOn: 'none' })
      .raw()
      .toBuffer();
    if (!found.equals(pixels)) return false;
  }
  return true;
}

/** The pixels as [height, width, channels], of which there are 3, or 1 for grey of linear light. */
async function decode(sharp: Sharp, bytes: Uint8Array, size: ImageSize): Promise<Uint8Array> {
  const { channels, height, width, resize, interpolation, grey = 'luma' } = size;
  // failOn: a cut-off image is an error, a harmless oddity in a JPEG header is not
  const upright = sharp(bytes, { failOn: 'error', limitInputPixels: mostPixels })
    .autoOrient()
    .flatten({ background: '#ffffff' });
  // decoding a JPEG at a half or a quarter is a scaling of its own, which no other program takes
  const kernel = interpolation && { kernel: kernels[interpolation], fastShrinkOnLoad: false };
  let sized: ReturnType<Sharp>;
  if (resize) {
    const { autoOrient: whole } = await upright.metadata();
    const [scaledWidth, scaledHeight] = scaledSides(whole.width, whole.height, resize.shorterSide);
    sized = upright
      .resize({ width: scaledWidth, height: scaledHeight, fit: 'fill', ...kernel })
      .extract({ left: margin(scaledWidth - width), top: margin(scaledHeight - height), width, height });
  } else sized = upright.resize({ width, height, fit: 'cover', position: 'centre', ...kernel });
  const coloured =
    channels === 1 && grey === 'light' ? sized.greyscale().toColourspace('b-w') : sized.toColourspace('srgb');
  return await coloured.raw({ depth: 'uchar' }).toBuffer();
}

/** Width and height with the shorter one as asked for, and the longer one rounded down. */
function scaledSides(width: number, height: number, shorter: number): [number, number] {
  return width <= height
    ? [shorter, Math.floor((shorter * height) / width)]
    : [Math.floor((shorter * width) / height), shorter];
}

/** Half of what stands over; a half pixel goes to the even side, as Python rounds. */
function margin(over: number): number {
  const half = Math.floor(over / 2);
  return over % 2 === 1 && half % 2 === 1 ? half + 1 : half;
}

/** ITU-R BT.601, in the 16-bit integers of PIL. */
function luma(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3)
    grey[i] =
      (19595 * (rgb[from] as number) + 38470 * (rgb[from + 1] as number) + 7471 * (rgb[from + 2] as number) + 0x8000) >>
      16;
  return grey;
}

function channelsFirst(interleaved: Uint8Array): Uint8Array {
  const area = interleaved.length / 3;
  const planar = new Uint8Array(interleaved.length);
  for (let i = 0, from = 0; i < area; i++) {
    planar[i] = interleaved[from++] as number;
    planar[area + i] = interleaved[from++] as number;
    planar[2 * area + i] = interleaved[from++] as number;
  }
  return planar;
}
