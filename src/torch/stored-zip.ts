/**
 * The entries of a zip archive as PyTorch writes it: stored, never compressed, with the sizes in the directory at the end, in
 * 64 bits where they need it (APPNOTE.TXT 6.3.10). Entries are views of the file, so a small file cannot unfold into a large one.
 */
import { crc32 } from 'node:zlib';
import { ByteReader, quote } from '../pickle/index.ts';
import { saveWeightsOnly, torchError } from './torch-error.ts';

const endBytes = 22;
const locatorBytes = 20;
const longestComment = 0xffff;
const in64Bits = 0xffffffff;

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly header: number;
}

/** The directory by name. @throws CheckpointError where it is damaged, or lists a name twice */
export function readZipDirectory(file: Uint8Array): Map<string, ZipEntry> {
  const reader = new ByteReader(file);
  const { count, start } = locateDirectory(reader);
  const entries = new Map<string, ZipEntry>();
  let total = 0;
  reader.position = start;
  for (let i = 0; i < count; i++) {
    const entry = readEntry(reader);
    if (entries.has(entry.name))
      throw torchError(`expected every entry of the zip once, got ${quote(entry.name)} twice`);
    entries.set(entry.name, entry);
    total += entry.packedBytes;
    // or reading every entry once could take as long as one likes
    if (!(total <= file.length))
      throw torchError(`expected entries that fit into ${file.length} bytes, got overlapping ones`);
  }
  return entries;
}

/** The bytes of an entry. @throws CheckpointError where it is compressed, encrypted, past the file's end or changed */
export function readStored(file: Uint8Array, entry: ZipEntry): Uint8Array {
  const where = `zip entry ${quote(entry.name)}`;
  if (entry.method !== 0 || entry.packedBytes !== entry.bytes)
    throw torchError(
      `${where}: expected it stored, as torch.save does, but it is compressed`,
      'unpack it with the tool that packed it again, or save it anew with torch.save',
    );
  if (entry.flags & 1) throw torchError(`${where}: expected it in the clear, but it is encrypted`, saveWeightsOnly);
  const reader = new ByteReader(file);
  reader.position = Math.min(entry.header, file.length);
  expectSignature(reader, 0x04034b50, where);
  reader.skip(22);
  reader.skip(reader.uint16() + reader.uint16());
  const content = reader.raw(entry.bytes);
  if (crc32(content) !== entry.checksum)
    throw torchError(`${where}: expected the checksum ${entry.checksum}, got ${crc32(content)}`, 'the file is damaged');
  return content;
}

function locateDirectory(reader: ByteReader): { count: number; start: number } {
  const { length } = reader.bytes;
  for (let end = length - endBytes; end >= Math.max(0, length - endBytes - longestComment); end--) {
    reader.position = end;
    if (reader.uint32() !== 0x06054b50) continue;
    reader.skip(6);
    const count = reader.uint16();
    reader.skip(4);
    const start = reader.uint32();
    if (end + endBytes + reader.uint16() !== length) continue;
    if (count !== 0xffff && start !== in64Bits) return { count, start: Math.min(start, length) };
    return locate64(reader, end);
  }
  throw torchError('expected the directory of a zip at its end, got none');
}

function locate64(reader: ByteReader, end: number): { count: number; start: number } {
  reader.position = Math.max(0, end - locatorBytes);
  expectSignature(reader, 0x07064b50, 'zip directory');
  reader.skip(4);
  reader.position = Math.min(reader.uint64(), reader.bytes.length);
  expectSignature(reader, 0x06064b50, 'zip directory');
  reader.skip(28);
  const count = reader.uint64();
  reader.skip(8);
  return { count, start: Math.min(reader.uint64(), reader.bytes.length) };
}

function readEntry(reader: ByteReader): ZipEntry {
  expectSignature(reader, 0x02014b50, 'zip directory');
  reader.skip(4);
  const flags = reader.uint16();
  const method = reader.uint16();
  reader.skip(4);
  const checksum = reader.uint32();
  const sizes = { packedBytes: reader.uint32(), bytes: reader.uint32() };
  const nameBytes = reader.uint16();
  const extraBytes = reader.uint16();
  const commentBytes = reader.uint16();
  reader.skip(8);
  let header = reader.uint32();
  const name = reader.text(nameBytes);
  const extra = new ByteReader(reader.raw(extraBytes));
  reader.skip(commentBytes);
  // field 1 holds, in this order, what did not fit into 32 bits
  while (extra.position < extraBytes) {
    const field = extra.uint16();
    const next = extra.uint16() + extra.position;
    if (field === 1) {
      if (sizes.bytes === in64Bits) sizes.bytes = extra.uint64();
      if (sizes.packedBytes === in64Bits) sizes.packedBytes = extra.uint64();
      if (header === in64Bits) header = extra.uint64();
    }
    extra.position = next;
  }
  return { name, method, flags, checksum, ...sizes, header };
}

function expectSignature(reader: ByteReader, signature: number, where: string): void {
  const found = reader.uint32();
  if (found !== signature)
    throw torchError(`${where}: expected the mark ${signature.toString(16)}, got ${found.toString(16)}`);
}
