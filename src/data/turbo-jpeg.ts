/**
 * libjpeg-turbo of the system, where there is one: for small photographs sharp takes most of its time for what is not decoding, and for large ones
 * it decodes twice as many rows and columns as are wanted. Undivided pictures have the same levels as by sharp; whatever there is the least doubt
 * about is left to that.
 */
import { jpegHeader } from './jpeg-header.ts';
import type { Extent } from './resample.ts';
import { loadSharp } from './sharp.ts';
import { takePixels } from './spare-pixels.ts';
import { isSrgbProfile } from './srgb-profile.ts';
import { mostPixels } from './upright-picture.ts';

/** [height, width, 3] of a JPEG, whose sides are divided while it is decoded; undefined where the library objects to anything. */
type Decoder = (bytes: Uint8Array, size: Extent) => Uint8Array | undefined;

const names: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['libturbojpeg.so.0'],
  darwin: [
    'libturbojpeg.dylib',
    '/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib',
    '/usr/local/opt/jpeg-turbo/lib/libturbojpeg.dylib',
  ],
  win32: ['turbojpeg.dll', 'C:\\libjpeg-turbo64\\bin\\turbojpeg.dll'],
};

/** A file of one's own, or `off`. */
const candidates = (): readonly string[] => {
  const named = process.env.SKEIN_TURBOJPEG;
  if (named === 'off') return [];
  return named ? [named] : (names[process.platform] ?? []);
};

/** Red, green and blue, in the library's numbering. */
const rgb = 0;

async function openDecoder(): Promise<Decoder | undefined> {
  try {
    const koffi = (await import('koffi')).default;
    for (const name of candidates()) {
      try {
        const library = koffi.load(name);
        const begin = library.func('void *tjInitDecompress()');
        const decompress = library.func(
          'int tjDecompress2(void *, const uint8_t *, ulong, uint8_t *, int, int, int, int, int)',
        );
        const handle: unknown = begin();
        if (handle === null) continue;
        const decoder: Decoder = (bytes, { height, width }) => {
          const pixels = takePixels(3 * height * width);
          // a warning is an answer other than 0 too
          const answer = decompress(handle, bytes, bytes.length, pixels, width, 3 * width, height, rgb, 0);
          return answer === 0 ? pixels : undefined;
        };
        if (await agreesWithSharp(decoder)) {
          openedName = name;
          return decoder;
        }
      } catch {
        // another may be there
      }
    }
  } catch {
    // without koffi sharp does it
  }
  return undefined;
}

/** On pictures of each kind of subsampling, baseline and progressive. */
async function agreesWithSharp(decoder: Decoder): Promise<boolean> {
  const sharp = await loadSharp();
  const size = { height: 37, width: 45 };
  const noise = Uint8Array.from(
    { length: 3 * 37 * 45 },
    (_, i) => (Math.imul(i + 1, 2654435761) >>> 24) / 2 + (i % 97),
  );
  for (const chromaSubsampling of ['4:2:0', '4:4:4'])
    for (const progressive of [false, true]) {
      const raw = { ...size, channels: 3 } as const;
      const jpeg = await sharp(noise, { raw }).jpeg({ quality: 80, chromaSubsampling, progressive }).toBuffer();
      const expected = await sharp(jpeg).raw().toBuffer();
      if (!decoder(jpeg, size)?.every((level, i) => level === expected[i])) return false;
    }
  return true;
}

let opened: Promise<Decoder | undefined> | undefined;

let openedName: string | undefined;

/** The library that decodes; undefined where none does. */
export async function turboJpegName(): Promise<string | undefined> {
  await openDecoded();
  return openedName;
}

/** Whether this machine has the library, and it decodes as sharp does. */
export const hasTurboJpeg = async (): Promise<boolean> => (await openDecoded()) !== undefined;

const openDecoded = (): Promise<Decoder | undefined> => {
  opened ??= openDecoder();
  return opened;
};

/**
 * A plain JPEG's picture: upright, whole, with colours of sRGB. Undefined for all else, and where the library is missing.
 * @param divisorOf what its sides are divided by: 1, 2, 4 or 8
 */
export async function plainJpeg(
  bytes: Uint8Array,
  divisorOf: (size: Extent) => number,
): Promise<(Extent & { readonly pixels: Uint8Array }) | undefined> {
  const header = jpegHeader(bytes);
  if (!header || header.hasExif || header.width * header.height > mostPixels) return undefined;
  if (header.hasProfile && !(header.profile && isSrgbProfile(header.profile))) return undefined;
  // the mark of the end
  if (bytes.at(-2) !== 0xff || bytes.at(-1) !== 0xd9) return undefined;
  const divisor = divisorOf(header);
  const size = { height: Math.ceil(header.height / divisor), width: Math.ceil(header.width / divisor) };
  const pixels = (await openDecoded())?.(bytes, size);
  return pixels && { ...size, pixels };
}
