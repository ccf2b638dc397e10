/** An image file's picture before it is scaled: upright, and on white where it is transparent. */
import { DataError } from '../tensor/index.ts';
import { imageFormat } from './file-kind.ts';
import { jpegHeader } from './jpeg-header.ts';
import type { Extent } from './resample.ts';
import type { Sharp } from './sharp.ts';
import { isSrgbProfile } from './srgb-profile.ts';

/** sharp's own limit, said aloud: a file of a few bytes may declare a picture that fills the memory. */
export const mostPixels = 0x3fff * 0x3fff;

/** The largest pictures take a few: this ends what was made to take for ever. */
export const mostSeconds = 100;

type Pipeline = ReturnType<Sharp>;

/** On the way to pixels: `picture` may be scaled and cut, then `inLevels` makes 8-bit sRGB of it. */
export interface UprightPicture {
  readonly picture: Pipeline;
  inLevels(picture: Pipeline): Pipeline;
  /** Of the upright picture. */
  sides(): Promise<Extent>;
}

/**
 * @param bytes of an image that is read
 * @param where it is, for errors
 * @throws DataError where its levels are neither of 8 nor of 16 bits
 */
export async function uprightPicture(sharp: Sharp, bytes: Uint8Array, where: string): Promise<UprightPicture> {
  const jpeg = jpegHeader(bytes);
  const deep = mayBeDeep(bytes) ? await deepPicture(sharp, bytes, where) : undefined;
  const open = (ignoreIcc: boolean) =>
    // failOn: a cut-off image is an error, a harmless oddity in a JPEG header is not
    sharp(bytes, { failOn: 'error', limitInputPixels: mostPixels, ignoreIcc })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .timeout({ seconds: mostSeconds });
  return {
    picture: open(deep?.hasProfile ?? (jpeg?.profile !== undefined && isSrgbProfile(jpeg.profile))),
    inLevels: (picture) => (deep ? inLevelsOf(deep, picture) : picture.toColourspace('srgb')),
    // to be told by the library costs a tenth of decoding a small photograph
    sides: async () => (jpeg && !jpeg.hasExif ? jpeg : (await open(true).metadata()).autoOrient),
  };
}

/** What must be known of red, green and blue, or grey, of 16 bits. */
interface DeepPicture {
  readonly hasAlpha: boolean;
  readonly hasProfile: boolean;
  readonly isGrey: boolean;
}

function mayBeDeep(bytes: Uint8Array): boolean {
  const format = imageFormat(bytes);
  // a PNG's depth stands at this place
  return format === 'png' ? bytes[24] === 16 : format === 'tiff' || format === 'avif';
}

/** Undefined for 8 bits, and for inks of 16 bits, which the library brings to 8 itself. */
async function deepPicture(sharp: Sharp, bytes: Uint8Array, where: string): Promise<DeepPicture | undefined> {
  const { depth, hasAlpha, hasProfile, space } = await sharp(bytes, { limitInputPixels: mostPixels }).metadata();
  // what measurements are kept as: where black and white are is not said
  if (depth !== 'uchar' && depth !== 'ushort')
    throw new DataError(
      `${where}: expected levels of 8 or 16 bits, but they are of type ${depth}`,
      'save it with 8 bits for each channel: black as 0, white as 255',
    );
  if (depth !== 'ushort' || (space !== 'rgb16' && space !== 'grey16')) return undefined;
  return { hasAlpha, hasProfile, isGrey: space === 'grey16' };
}

/**
 * Levels of 8 bits are v / 257, but the library cuts to the upper byte, v / 256. So it does with the profile's colours, and then takes them for
 * sRGB's: a profile is applied to 8 bits.
 */
function inLevelsOf({ hasAlpha, hasProfile, isGrey }: DeepPicture, picture: Pipeline): Pipeline {
  // ⌊(v · 256 / 257 + 128) / 256⌋ = v / 257, rounded; the library's white under transparency is 255 · 256, which must stay white
  const rounded = hasAlpha ? picture : picture.linear(256 / 257, 128);
  if (!hasProfile) return rounded.toColourspace('srgb');
  return rounded.toColourspace(isGrey ? 'b-w' : 'srgb').withIccProfile('srgb');
}
