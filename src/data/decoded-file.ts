/** An image file on its way to a decoder: what it is, whether all of it is there, and what is said where it is not. */
import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import { fileKind, isReadableImage } from './file-kind.ts';
import { type Unended, unended } from './missing-end.ts';
import { loadSharp, type Sharp } from './sharp.ts';

/** sharp's own limit, said aloud: a file of a few bytes may declare a picture that fills the memory. */
const mostPixels = 0x3fff * 0x3fff;

type Decode<Decoded> = (sharp: Sharp, bytes: Uint8Array) => Promise<Decoded>;

/** What `decode` makes of a file, or of its content. @throws DataError naming the file, for whatever is wrong with it */
export async function decodedFile<Decoded>(
  pathOrBytes: string | Uint8Array,
  decode: Decode<Decoded>,
): Promise<Decoded> {
  const where = typeof pathOrBytes === 'string' ? pathOrBytes : 'image';
  const bytes = typeof pathOrBytes === 'string' ? await readBytes(pathOrBytes) : pathOrBytes;
  if (!isReadableImage(bytes)) throw noImage(where, bytes);
  return decodeWhole(await loadSharp(), bytes, decode).catch((error: Error) => {
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
}

/** The picture turned upright, on white where it is transparent. */
export const uprightOnWhite = (sharp: Sharp, bytes: Uint8Array) =>
  // failOn: a cut-off image is an error, a harmless oddity in a JPEG header is not
  sharp(bytes, { failOn: 'error', limitInputPixels: mostPixels }).autoOrient().flatten({ background: '#ffffff' });

/** @returns an error that says what the file is, where its first bytes tell */
function noImage(where: string, bytes: Uint8Array): DataError {
  const expected = `${where}: expected a JPEG, PNG or WebP image`;
  const kind = fileKind(bytes);
  return kind
    ? new DataError(`${expected}, but this is ${kind.is}`, kind.hint)
    : new DataError(`${expected}, but it starts like none of them`, 'convert it, or remove it from the folder');
}

/** `decode`; a file that only lacks the mark of its end is decoded as if it had it. */
async function decodeWhole<Decoded>(sharp: Sharp, bytes: Uint8Array, decode: Decode<Decoded>): Promise<Decoded> {
  const open = unended(bytes);
  if (!open) return decode(sharp, bytes);
  // however small a part of the picture is asked for
  if (!open.ended || !(await isWhole(sharp, open))) throw new Error('the file stops within the picture');
  return decode(sharp, open.ended);
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
