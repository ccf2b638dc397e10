/** What a file is, told by how it begins: images that are read, and what people often give in their place. */
// biome-ignore-all lint/suspicious/noControlCharactersInRegex: signatures are bytes
import { isRawTiff } from './raw-tiff.ts';

/** A kind of file that is no image which Skein reads. */
export interface FileKind {
  /** With its article: `a BMP`. */
  readonly is: string;
  /** Several of them: `BMPs`. */
  readonly are: string;
  /** What to do to have an image. */
  readonly hint: string;
}

/** Bytes that are enough for `isReadableImage` and `fileKind`. */
export const tellingBytes = 512;

/** The formats that are read, for a sentence. */
export const imageFormats = (word: 'and' | 'or') => `JPEG, PNG, WebP, AVIF, GIF ${word} TIFF`;

/** A format that is read. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

/** Which of the formats that are read the content begins as. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const start = bytes.subarray(0, tellingBytes);
  const text = latin1(start);
  const format = signatures.find(([signature]) => signature.test(text))?.[1];
  return format === 'tiff' && isRawTiff(start) ? undefined : format;
}

/** Whether the content begins as an image does that is read. */
export function isReadableImage(bytes: Uint8Array): boolean {
  return imageFormat(bytes) !== undefined;
}

/** What else the content begins like; undefined for an image that is read, and where it begins like nothing known. */
export function fileKind(bytes: Uint8Array): FileKind | undefined {
  if (bytes.length === 0) return empty;
  if (isReadableImage(bytes)) return undefined;
  const start = latin1(bytes.subarray(0, tellingBytes));
  const found = kinds.find(([signature]) => signature.test(start));
  if (found) return found[1];
  return isText(bytes.subarray(0, tellingBytes)) ? text : undefined;
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

const remove = 'remove it from the folder';
const convert = 'convert it to PNG or JPEG';
const video = 'save pictures of the video as PNG or JPEG';
const unpack = 'unpack it, and give what is inside';
const again = 'the download has saved this in place of the image: get the image again';
const weights = `weights are the CHECKPOINT of a command, not an image: give images, or ${remove}`;

const kind = (name: string, hint: string, { an = false, plural = `${name}s` } = {}): FileKind => ({
  is: `${an ? 'an' : 'a'} ${name}`,
  are: plural,
  hint,
});

const empty: FileKind = {
  is: 'empty',
  are: 'empty files',
  hint: 'it has no bytes: copy or download it again, or remove it',
};
const cameraRaw = kind(
  'camera’s raw image',
  'develop it to JPEG or TIFF with the camera’s program, or take the JPEG beside it',
);
const text: FileKind = { is: 'text', are: 'texts', hint: `give images, or ${remove}` };

const tiff = /^(?:II[*+]\0|MM\0[*+])/;

/** ISO media files say after `ftyp` what they hold; the first brand decides, then those that it is compatible with. */
const brand = (names: string) => new RegExp(`^.{4}ftyp(?:${names})`, 's');

const signatures: readonly (readonly [signature: RegExp, format: ImageFormat])[] = [
  [/^\xff\xd8\xff/, 'jpeg'],
  [/^\x89PNG/, 'png'],
  [/^RIFF.{4}WEBP/s, 'webp'],
  [/^GIF8[79]a/, 'gif'],
  [tiff, 'tiff'],
  [brand('avi[fs]'), 'avif'],
  [brand('m(?:if1|sf1).{4}(?:.{4})*?avi[fs]'), 'avif'],
];

/** The first that fits counts. */
const kinds: readonly (readonly [signature: RegExp, kind: FileKind])[] = [
  [/^BM.{4}\0{4}.{3}\0[\x0c-\x80]\0{3}/s, kind('BMP', convert)],
  // what else is read is no kind of its own
  [tiff, cameraRaw],
  [/^(?:IIU\0|IIR[OS]|MMOR|II\x1a\0{3}HEAPCCDR|FUJIFILMCCD-RAW|FOVb|\0MRM)/, cameraRaw],
  [brand('(?:hei[cxms]|hev[cxms])'), heic('HEIC')],
  [brand('m(?:if1|sf1)'), heic('HEIF')],
  [brand('qt  '), kind('QuickTime video', video)],
  [brand('crx '), cameraRaw],
  [brand('M4A '), kind('sound file', remove)],
  [brand(''), kind('MP4 video', video, { an: true })],
  [/^.{4}(?:moov|mdat|wide)/s, kind('QuickTime video', video)],
  [/^\x1aE\xdf\xa3/, kind('Matroska or WebM video', video)],
  [/^RIFF.{4}AVI /s, kind('AVI video', video, { an: true })],
  [/^RIFF.{4}WAVE|^ID3|^OggS|^fLaC/s, kind('sound file', remove)],
  [/^\0\0\x01\0[^\0]\0/, kind('ICO', convert, { an: true })],
  [/^\xff\x0a|^\0{3}\x0cJXL \r\n\x87\n/, kind('JPEG XL image', convert)],
  [/^\0{3}\x0cjP {2}\r\n\x87\n|^\xff\x4f\xff\x51/, kind('JPEG 2000 image', convert)],
  [/^8BPS\0/, kind('Photoshop document', 'export it as PNG or JPEG')],
  [/^gimp xcf/, kind('GIMP image', 'export it as PNG or JPEG')],
  [/^\x76\x2f\x31\x01/, kind('OpenEXR image', convert, { an: true })],
  [/^#\?(?:RADIANCE|RGBE)/, kind('Radiance HDR image', convert)],
  [/^P[1-7][\s#]/, kind('PNM', convert)],
  [/^DICM|^.{128}DICM/s, kind('DICOM image', convert)],
  [/^%PDF-/, kind('PDF', 'save its pages or pictures as PNG or JPEG')],
  [/^%!PS/, kind('PostScript file', 'save its pages as PNG')],
  [
    /^version https:\/\/git-lfs/,
    kind('pointer of Git LFS', 'git lfs pull gets the image itself', { plural: 'pointers of Git LFS' }),
  ],
  [/^[\s\xef\xbb\xbf]*<svg[\s>]/i, svg()],
  [/^[\s\xef\xbb\xbf]*<\?xml[^>]*>(?:\s|<!--.*?-->|<!DOCTYPE svg[^>]*>)*<svg[\s>]/is, svg()],
  [/^[\s\xef\xbb\xbf]*<(?:!doctype html|html|head|body)[\s>]/i, kind('web page', again)],
  [/^\x93NUMPY/, kind('NumPy array', 'save each image of it as PNG')],
  [/^\x89HDF\r\n\x1a\n/, kind('HDF5 file', `images in it are not read: save each as PNG, or ${remove}`, { an: true })],
  [/^.{4}\0{4}\{"/s, kind('safetensors file', weights)],
  [/^PK\x03\x04.{26}[^\0]{1,64}\/data\.pkl/s, kind('PyTorch file', weights)],
  [/^PK(?:\x03\x04|\x05\x06)/, kind('ZIP archive', unpack)],
  [/^\x1f\x8b/, kind('gzip file', unpack)],
  [/^(?:7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\0|BZh[1-9]|.{257}ustar)/s, kind('archive', unpack, { an: true })],
  [/^\x05\x16\x07/, kind('note of macOS about another file', remove, { plural: 'notes of macOS' })],
];

function heic(name: string): FileKind {
  return kind(name, `${convert}; a phone that writes it can be told to write JPEG`);
}

function svg(): FileKind {
  return kind('SVG', 'a drawing has no pixels of its own: save it as PNG', { an: true });
}

/** UTF-8, or UTF-16 with its mark: no control characters but white space. */
function isText(bytes: Uint8Array): boolean {
  if (/^(?:\xff\xfe|\xfe\xff)/.test(latin1(bytes.subarray(0, 2)))) return true;
  // a character may be cut off at the end
  const cut = bytes.length === tellingBytes;
  try {
    const words = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(words);
  } catch {
    return false;
  }
}
