/** What a JPEG says of its picture before that begins, read without a decoder: asking one costs a tenth of decoding a small photograph. */
import type { Extent } from './resample.ts';

/** As stored: EXIF may turn it. */
export interface JpegHeader extends Extent {
  readonly hasExif: boolean;
  readonly hasProfile: boolean;
  /** Undefined where there is none, or one in several pieces. */
  readonly profile: Uint8Array | undefined;
}

const [exifSegment, profileSegment, startOfScan] = [0xe1, 0xe2, 0xda];
/** SOF0 to SOF15, but for DHT, JPG and DAC, which stand among them. */
export const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Undefined for what is no JPEG, or none that keeps to ITU-T T.81, annex B. */
export function jpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sides: Extent | undefined;
  let hasExif = false;
  const profiles: Uint8Array[] = [];
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] as number;
    const segment = bytes.subarray(at + 4, at + 2 + view.getUint16(at + 2));
    if (marker === startOfScan) {
      const isKnown = sides !== undefined && sides.height > 0 && sides.width > 0;
      return isKnown
        ? { ...(sides as Extent), hasExif, hasProfile: profiles.length > 0, profile: onlyProfile(profiles) }
        : undefined;
    }
    if (marker === exifSegment) hasExif ||= begins(segment, 'Exif\0');
    else if (marker === profileSegment && begins(segment, 'ICC_PROFILE\0')) profiles.push(segment);
    else if (isFrame(marker) && segment.length >= 5)
      // the first byte is the precision
      sides = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 4 + segment.length;
  }
  return undefined;
}

/** Before a profile stand a name, the piece's number and how many there are. */
const beforeProfile = 14;

const onlyProfile = ([first, second]: readonly Uint8Array[]) =>
  first && !second && first[beforeProfile - 1] === 1 ? first.subarray(beforeProfile) : undefined;

const begins = (bytes: Uint8Array, name: string) => [...name].every((letter, i) => bytes[i] === letter.charCodeAt(0));
