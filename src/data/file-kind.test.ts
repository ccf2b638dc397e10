import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { fileKind, imageFormat, isReadableImage } from './file-kind.ts';

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const box = (brand: string, ...others: string[]) =>
  latin1(`\0\0\0${String.fromCharCode(16 + 4 * others.length)}ftyp${brand}\0\0\0\0${others.join('')}`);
/** With one entry in its directory. */
const rawTiff = (tag: number, value: number) => {
  const bytes = Buffer.from('II*\0\x08\0\0\0\x01\0..\x04\0\x01\0\0\0....\0\0\0\0', 'latin1');
  bytes.writeUInt16LE(tag, 10);
  bytes.writeUInt32LE(value, 18);
  return new Uint8Array(bytes);
};
const bmp = latin1(`BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0${'\0'.repeat(50)}`);

test.each([
  ['a BMP', bmp],
  // a TIFF whose first page is a preview; of a way of packing that cameras have; with Adobe's tag; of Canon; and what is no TIFF at all
  ['a camera’s raw image', rawTiff(254, 1)],
  ['a camera’s raw image', rawTiff(259, 34713)],
  ['a camera’s raw image', rawTiff(0xc612, 1)],
  ['a camera’s raw image', latin1('II*\0\x10\0\0\0CR\x02\0')],
  ['a camera’s raw image', latin1('FUJIFILMCCD-RAW 0201')],
  ['a HEIC', box('heic', 'mif1', 'heic')],
  ['a HEIF', box('mif1', 'heic')],
  ['an MP4 video', box('isom', 'iso2', 'avc1')],
  ['an MP4 video', box('mp42')],
  ['a QuickTime video', box('qt  ')],
  ['a Matroska or WebM video', latin1('\x1aE\xdf\xa3\x01\0\0\0')],
  ['an AVI video', latin1('RIFF\x10\0\0\0AVI LIST')],
  ['a sound file', latin1('RIFF\x10\0\0\0WAVEfmt ')],
  ['an ICO', latin1('\0\0\x01\0\x01\0\x10\x10')],
  ['a JPEG XL image', latin1('\xff\x0a\xfa\x1f')],
  ['a JPEG 2000 image', latin1('\0\0\0\x0cjP  \r\n\x87\n')],
  ['a Photoshop document', latin1('8BPS\0\x01')],
  ['a PNM', latin1('P6\n4 4\n255\n')],
  ['a PDF', latin1('%PDF-1.7\n')],
  ['an SVG', latin1('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['an SVG', latin1('<?xml version="1.0"?>\n<!-- drawn -->\n<svg width="4"/>')],
  ['a web page', latin1('<!DOCTYPE html>\n<html><body>Not found</body></html>')],
  ['a pointer of Git LFS', latin1('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n')],
  ['a safetensors file', latin1('\x40\0\0\0\0\0\0\0{"__metadata__":{}}')],
  ['a NumPy array', latin1('\x93NUMPY\x01\0')],
  ['a ZIP archive', latin1('PK\x03\x04\x14\0')],
  ['a PyTorch file', latin1(`PK\x03\x04${'\0'.repeat(26)}archive/data.pkl`)],
  ['a gzip file', latin1('\x1f\x8b\x08\0')],
  ['text', latin1('model: resnet20\ndata: photos\n')],
  ['text', new Uint8Array(Buffer.from('Größe: 3\n'))],
  // cut in the middle of a character
  ['text', new Uint8Array(Buffer.from(`${'x'.repeat(511)}ö and more`))],
  ['text', latin1('\xff\xfeh\0i\0')],
  ['empty', new Uint8Array()],
])('%s is named with what to do', async (is, bytes) => {
  expect(isReadableImage(bytes)).toBe(false);
  const kind = fileKind(bytes);
  expect(kind?.is).toBe(is);
  await expect(decodeImage(bytes, { channels: 3, height: 4, width: 4 })).rejects.toThrow(
    expect.objectContaining({
      code: 'DATA',
      message: `image: expected a JPEG, PNG, WebP, AVIF, GIF or TIFF image, but this is ${is}`,
      hint: kind?.hint,
    }),
  );
});

test('what the library writes is told apart', async () => {
  const image = sharp({ create: { width: 9, height: 7, channels: 3, background: '#123456' } });
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
    const bytes = await image.clone().toFormat(format).toBuffer();
    expect(imageFormat(bytes)).toBe(format);
    expect(fileKind(bytes)).toBeUndefined();
  }
});

test('formats that are read have several beginnings', () => {
  expect(imageFormat(latin1('GIF87a\x01\0\x01\0'))).toBe('gif');
  expect(imageFormat(latin1('MM\0*\0\0\0\x08'))).toBe('tiff');
  expect(imageFormat(latin1('II+\0\x08\0\0\0'))).toBe('tiff');
  expect(imageFormat(box('mif1', 'miaf', 'avif'))).toBe('avif');
  // a page that is no preview, packed as many programs do
  expect(imageFormat(rawTiff(254, 0))).toBe('tiff');
  expect(imageFormat(rawTiff(259, 5))).toBe('tiff');
});

test('bytes that begin like nothing known have no kind', () => {
  expect(fileKind(Uint8Array.from({ length: 600 }, (_, i) => (i * 151 + 3) % 256))).toBeUndefined();
  expect(fileKind(latin1('text with a zero\0'))).toBeUndefined();
  // the first two letters of a BMP, as any text may have
  expect(fileKind(latin1('BMW and other cars'))?.is).toBe('text');
});
