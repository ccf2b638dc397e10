/** An image file on its way to a decoder: what it is, whether all of it is there, and what is said where it is not. */
import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import { fileKind, imageFormats, isReadableImage } from './file-kind.ts';
import { type Unended, unended } from './missing-end.ts';
import { loadSharp, type Sharp } from './sharp.ts';
import { mostPixels, mostSeconds, type UprightPicture, uprightPicture } from './upright-picture.ts';

type Decode<Decoded> = (picture: UprightPicture) => Promise<Decoded>;

/**
 * What `decode` makes of a file, or of its content.
 * @param quick may know what `decode` would make of it
 * @throws DataError naming the file, for whatever is wrong with it
 */
export async function decodedFile<Decoded>(
  pathOrBytes: string | Uint8Array,
  decode: Decode<Decoded>,
  quick?: (bytes: Uint8Array) => Promise<Decoded | undefined>,
): Promise<Decoded> {
  const where = typeof pathOrBytes === 'string' ? pathOrBytes : 'image';
  const bytes = typeof pathOrBytes === 'string' ? await readBytes(pathOrBytes) : pathOrBytes;
  if (!isReadableImage(bytes)) throw noImage(where, bytes);
  const quickly = await quick?.(bytes);
  if (quickly !== undefined) return quickly;
  const sharp = await loadSharp();
  try {
    return await decode(await uprightPicture(sharp, await wholeFile(sharp, bytes), where));
  } catch (error) {
    throw error instanceof DataError ? error : decodingError(where, error as Error);
  }
}

function decodingError(where: string, { message }: Error): DataError {
  if (message.includes('exceeds pixel limit'))
    return new DataError(
      `${where}: expected an image of at most ${mostPixels} pixels, but it declares more`,
      'scale it down, or remove it: such a size is mostly a mistake or an attack',
    );
  if (message.startsWith('timeout'))
    return new DataError(
      `${where}: expected an image that is decoded in ${mostSeconds} seconds, but it is not`,
      'scale it down, or remove it: such a file is mostly a mistake or an attack',
    );
  const reason = shortened(message);
  return new DataError(
    `${where}: the image is corrupt and cannot be decoded (${reason})`,
    'remove it, or replace it by an intact copy',
  );
}

const mostReasons = 3;
const stops = 'the file stops within the picture';

/** What decoders say, on one line: some say the same for each place at which they tried. */
function shortened(message: string): string {
  // as libvips says it of AVIF and of GIF
  if (/bad seek to|Unexpected end of/.test(message)) return stops;
  const lines = message.replace(/^Input buffer has corrupt header: /, '').split('\n');
  const told = new Set(lines.map((line) => line.trim().replace(/[:;]$/, '')));
  return [...told].filter(Boolean).slice(0, mostReasons).join('; ');
}

/** @returns an error that says what the file is, where its first bytes tell */
function noImage(where: string, bytes: Uint8Array): DataError {
  const expected = `${where}: expected a ${imageFormats('or')} image`;
  const kind = fileKind(bytes);
  return kind
    ? new DataError(`${expected}, but this is ${kind.is}`, kind.hint)
    : new DataError(`${expected}, but it starts like none of them`, 'convert it, or remove it from the folder');
}

/** The file; with the mark of its end, where it lacks only that. @throws where a part of the picture is missing, even if nobody asks for that */
async function wholeFile(sharp: Sharp, bytes: Uint8Array): Promise<Uint8Array> {
  const open = unended(bytes);
  if (!open) return bytes;
  if (!open.ended || !(await isWhole(sharp, open))) throw new Error(stops);
  return open.ended;
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
