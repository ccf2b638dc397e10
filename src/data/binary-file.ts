/** Files whose header declares their length: read whole, gzipped or not, and never trusted beyond what they declare. */
import { closeSync, constants as fileConstants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { constants, gunzip, gunzipSync } from 'node:zlib';
import { DataError } from '../tensor/index.ts';
import { expectFile, unreadableFile } from './unreadable-file.ts';

const gunzipAsync = promisify(gunzip);

/** Deflate cannot expand a byte to more than this many (zlib's documentation). */
const deflateLimit = 1032;
const damaged = 'the file is damaged or its download stopped early; get it again';

/** The whole file. @throws DataError naming the file where the system refuses to read it */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    // a thread that does nothing else waits for the system in less time than it takes to be called back
    return plain(isMainThread ? await readWhole(path) : readWholeSync(path));
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw await unreadableFile(path, error);
  }
}

/** The same memory; `slice` of a Buffer would share it with whoever slices. */
const plain = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array => new Uint8Array(buffer, byteOffset, length);

/** A pipe that nobody writes to would be opened for ever. */
const opening = fileConstants.O_RDONLY | (fileConstants.O_NONBLOCK ?? 0);

async function readWhole(path: string): Promise<Uint8Array> {
  const file = await open(path, opening);
  try {
    const about = await file.stat();
    expectFile(path, about);
    return (await readAtOnce(file, about.size)) ?? (await file.readFile());
  } finally {
    await file.close();
  }
}

function readWholeSync(path: string): Uint8Array {
  const file = openSync(path, opening);
  try {
    const about = fstatSync(file);
    expectFile(path, about);
    const { size } = about;
    if (size === 0 || size > small) return readFileSync(file);
    const bytes = Buffer.allocUnsafeSlow(size + 1);
    const read = readSync(file, bytes, 0, size + 1, 0);
    return read === size ? bytes.subarray(0, size) : readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Most files are small, and reading them step by step takes as long as decoding a tenth of a photograph. */
const small = 2 ** 24;

/** Undefined where the size is large, unknown as that of `/proc`'s files, or no longer right. */
async function readAtOnce(file: FileHandle, size: number): Promise<Uint8Array | undefined> {
  if (size === 0 || size > small) return undefined;
  // one byte more tells that the file has grown
  const bytes = Buffer.allocUnsafeSlow(size + 1);
  const { bytesRead } = await file.read(bytes, 0, size + 1, 0);
  return bytesRead === size ? bytes.subarray(0, size) : undefined;
}

/**
 * Reads a file of which the first `headerBytes` bytes declare the length of the whole, gzipped or not (told by content).
 * @param declaredLength the length in bytes that a header declares, header included; it throws where the header is wrong
 * @throws DataError where the file is shorter or longer than declared, or not valid gzip
 */
export async function readDeclared(
  path: string,
  headerBytes: number,
  declaredLength: (header: Uint8Array) => number,
): Promise<Uint8Array> {
  const bytes = await readBytes(path);
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const start = gzipped ? startOfGzip(bytes, path) : bytes;
  if (start.length < headerBytes)
    throw new DataError(`${path}: expected a header of ${headerBytes} bytes, but got ${start.length} bytes`, damaged);
  const declared = declaredLength(start.subarray(0, headerBytes));
  const content = gzipped ? await unzip(bytes, declared, path) : bytes;
  if (content.length !== declared)
    throw new DataError(
      `${path}: expected ${declared} bytes as its header declares, but got ${content.length}${gzipped ? ' unzipped' : ''}`,
      content.length < declared ? damaged : 'its header is wrong, or something was appended to it',
    );
  return content;
}

/** The first bytes of the unzipped content: enough for a header, at most about a megabyte. */
function startOfGzip(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, 1024), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 21 });
  } catch (error) {
    throw new DataError(`${path}: expected gzip, but it cannot be unzipped (${(error as Error).message})`, damaged);
  }
}

async function unzip(bytes: Uint8Array, declared: number, path: string): Promise<Uint8Array> {
  if (declared > bytes.length * deflateLimit)
    throw new DataError(
      `${path}: expected ${declared} bytes as its header declares, but ${bytes.length} bytes of gzip cannot hold them`,
      damaged,
    );
  try {
    return plain(
      await gunzipAsync(bytes, {
        maxOutputLength: declared,
        chunkSize: Math.min(Math.max(declared, 64), 2 ** 20),
      }),
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new DataError(
        `${path}: expected ${declared} bytes as its header declares, but it unzips to more`,
        'its header is wrong, or something was appended to it',
      );
    throw new DataError(
      `${path}: expected ${declared} bytes as its header declares, but unzipping failed (${message})`,
      damaged,
    );
  }
}
