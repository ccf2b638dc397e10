/** A decoded picture as the content of a file, which tells whether it is whole. */
import { crc32 } from 'node:zlib';
import type { Pixels } from '../data/index.ts';

/** Grows whenever files of before are no longer meant: another form, or other pixels from the same image file. */
export const packedFormat = 1;

/** `skeinpix`, then channels, height, width, whether interleaved, and the checksum, each in 4 bytes, little-endian; then the pixels. */
const mark = Buffer.from('skeinpix', 'latin1');
const headerBytes = 28;
const checksumAt = 24;

/** @param key what the picture is found by: under another it is not accepted */
export function packed({ channels, height, width, pixels, isInterleaved = false }: Pixels, key: string): Uint8Array {
  const file = Buffer.alloc(headerBytes + pixels.length);
  mark.copy(file);
  [channels, height, width, Number(isInterleaved)].forEach((value, at) => {
    file.writeUInt32LE(value, mark.length + 4 * at);
  });
  file.set(pixels, headerBytes);
  file.writeUInt32LE(checksum(file, key), checksumAt);
  return file;
}

/** Undefined where the file is none, damaged, cut off, or another's. */
export function unpacked(file: Buffer, key: string): Pixels | undefined {
  if (file.length < headerBytes || !file.subarray(0, mark.length).equals(mark)) return undefined;
  const [channels, height, width, isInterleaved] = [8, 12, 16, 20].map((at) => file.readUInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  if (file.length !== headerBytes + channels * height * width) return undefined;
  if (file.readUInt32LE(checksumAt) !== checksum(file, key)) return undefined;
  return {
    channels,
    height,
    width,
    pixels: new Uint8Array(file.buffer, file.byteOffset + headerBytes, file.length - headerBytes),
    isInterleaved: isInterleaved === 1,
  };
}

const checksum = (file: Buffer, key: string): number =>
  crc32(file.subarray(headerBytes), crc32(file.subarray(0, checksumAt), crc32(key)));
