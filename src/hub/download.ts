/** One file from a server, streamed to disk. A download that was interrupted goes on where it stopped, if the file is still the same. */
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { fileError, writeFileAtomic } from '../files/index.ts';
import { CheckpointError } from '../tensor/index.ts';
import { connectionError, statusError } from './remote-error.ts';
import type { RemoteFile } from './remote-file.ts';

/** How a download is stopped and watched. */
export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Bytes that are there, and of how many where the server says it. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/** Larger files cannot be read at once. */
const maximumBytes = 2 ** 31 - 1;

/** What the beginning on disk belongs to: with the same validator, the rest on the server does too. */
const stateSchema = z.object({ url: z.string(), validator: z.string() });

/**
 * Downloads to `path`, and leaves what has arrived there where it fails or is aborted.
 * @throws CheckpointError where the server refuses, cannot be reached, breaks off, or sends another number of bytes than it said
 */
export async function download(remote: RemoteFile, path: string, options: DownloadOptions): Promise<{ etag?: string }> {
  const begun = await beginning(remote, path);
  let response = await request(
    remote,
    options,
    begun && { Range: `bytes=${begun.bytes}-`, 'If-Range': begun.validator },
  );
  let offset = begun && continues(response, begun) ? begun.bytes : 0;
  if (begun && offset === 0 && response.status !== 200) {
    // the range is past the end, or of another file than the one that was begun
    await response.body?.cancel();
    response = await request(remote, options);
    offset = 0;
  }
  const total = totalOf(response, offset);
  requireSize(remote, total);
  const etag = response.headers.get('etag') ?? undefined;
  if (offset === 0) await begin(remote, path, validatorOf(response));
  const promised = total ?? remote.bytes;
  const received = await store(remote, response, path, offset, promised, options);
  if (promised !== undefined && received !== promised)
    throw new CheckpointError(
      `${remote.source}: expected ${promised} bytes, as the ${total === undefined ? 'repository' : 'server'} said, got ${received}`,
      received < promised ? 'run it again: it goes on where it stopped' : 'run it again',
    );
  return etag === undefined ? {} : { etag };
}

/** Removes what a download left, and the word of what it belongs to. */
export async function removePartial(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.json`, { force: true });
}

async function request(
  { source, url, headers }: RemoteFile,
  { signal }: DownloadOptions,
  range: Readonly<Record<string, string>> = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      // compressed on the way, neither lengths nor ranges would be those of the file
      headers: { ...headers, ...range, 'Accept-Encoding': 'identity' },
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw connectionError(source, error);
  }
  if (response.ok || (response.status === 416 && range.Range)) return response;
  await response.body?.cancel();
  throw statusError(source, response.status);
}

interface Beginning {
  readonly bytes: number;
  readonly validator: string;
}

/** What is there of this file already. */
async function beginning({ url }: RemoteFile, path: string): Promise<Beginning | undefined> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  const text = await readFile(`${path}.json`, 'utf8').catch(() => '');
  if (size === 0 || text === '') return undefined;
  try {
    const state = stateSchema.parse(JSON.parse(text));
    return state.url === url ? { bytes: size, validator: state.validator } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the answer is the rest of what was begun. */
function continues(response: Response, { bytes, validator }: Beginning): boolean {
  if (response.status !== 206) return false;
  const [, start] = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '') ?? [];
  return Number(start) === bytes && validatorOf(response) === validator;
}

/** What tells whether two answers are of the same file; a weak ETag does not say that their bytes are equal. */
function validatorOf({ headers }: Response): string | undefined {
  // of compressed bytes, a range is not of those on disk
  if (headers.get('content-encoding')) return undefined;
  const etag = headers.get('etag');
  return etag !== null && !etag.startsWith('W/') ? etag : (headers.get('last-modified') ?? undefined);
}

/** The whole file's bytes, where the server says them. */
function totalOf({ headers }: Response, offset: number): number | undefined {
  if (headers.get('content-encoding')) return undefined;
  const length = offset > 0 ? headers.get('content-range')?.split('/')[1] : headers.get('content-length');
  return /^\d+$/.test(length ?? '') ? Number(length) : undefined;
}

function requireSize({ source, bytes, most = maximumBytes }: RemoteFile, total: number | undefined): void {
  if (bytes !== undefined && total !== undefined && bytes !== total)
    throw new CheckpointError(
      `${source}: expected ${bytes} bytes, as the repository says, but the server offers ${total}`,
      'run it again; a mirror may be out of date',
    );
  const promised = total ?? bytes ?? 0;
  if (promised > most) throw tooLarge(source, most, `${promised}`);
}

const tooLarge = (source: string, most: number, size: string) =>
  new CheckpointError(
    `${source}: expected a file of at most ${most} bytes, got ${size}`,
    'larger files cannot be read',
  );

/** Begins anew; without a validator nothing can go on later. */
async function begin({ url }: RemoteFile, path: string, validator: string | undefined): Promise<void> {
  await removePartial(path);
  if (validator !== undefined) await writeFileAtomic(`${path}.json`, JSON.stringify({ url, validator }));
}

/** @returns how many bytes the file has now */
async function store(
  { source, most = maximumBytes }: RemoteFile,
  response: Response,
  path: string,
  offset: number,
  total: number | undefined,
  { signal, onProgress }: DownloadOptions,
): Promise<number> {
  const file = await opened(path);
  let received = offset;
  try {
    onProgress?.(received, total);
    for await (const chunk of response.body ?? []) {
      if (received + chunk.length > (total ?? most)) {
        if (total === undefined) throw tooLarge(source, most, 'more');
        return received + chunk.length;
      }
      await file.appendFile(chunk).catch((error) => {
        throw fileError('write', path, error, 'what has arrived is kept; SKEIN_CACHE names another folder');
      });
      received += chunk.length;
      onProgress?.(received, total);
    }
    await file.sync();
    return received;
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof CheckpointError ? error : connectionError(source, error, received);
  } finally {
    await file.close();
  }
}

const opened = (path: string): Promise<FileHandle> =>
  open(path, 'a').catch((error) => {
    throw fileError('write', path, error, 'SKEIN_CACHE names another folder');
  });
