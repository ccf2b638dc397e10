/** Weights from a URL or a repository of Hugging Face: downloaded once, checked each time they are used. */
import { randomUUID } from 'node:crypto';
import { rename, stat } from 'node:fs/promises';
import { type FolderLock, fileError, lockFolder, makeFolder } from '../files/index.ts';
import { CheckpointError, ConfigError } from '../tensor/index.ts';
import { CacheEntry, type CacheRecord, plainName } from './cache-entry.ts';
import { type DownloadOptions, download, removePartial } from './download.ts';
import type { FetchedWeights } from './fetched-weights.ts';
import { fileSha256 } from './file-sha256.ts';
import { hubToken, hubUrl, huggingFaceFile } from './hugging-face.ts';
import { localWeights } from './local-weights.ts';
import type { RemoteFile } from './remote-file.ts';
import { type UrlSource, type WeightsSource, weightsSource } from './weights-source.ts';

/** Options of `fetchWeights`. */
export interface FetchWeightsOptions extends DownloadOptions {
  /** What the file's SHA-256 must be, as 64 hexadecimal digits; also as `#sha256=…` after the address. */
  readonly sha256?: string;
  /** Something worth knowing that is no error, such as a changed file in the cache. */
  readonly onNotice?: (text: string) => void;
}

/**
 * The file of weights at `where`: a URL, or `hf:OWNER/NAME[@REVISION][/FILE]` for a repository of Hugging Face (HF_TOKEN for private
 * ones, HF_ENDPOINT for a mirror). It is kept in the folder of SKEIN_CACHE, or the system's for caches, and its SHA-256 is checked at
 * each use; a file that was changed there is downloaded again. What an interrupted download left, the next call goes on with. A
 * repository's file in the folder of SKEIN_WEIGHTS is taken before any server is asked.
 * @throws ConfigError where `where` is no such word; CheckpointError where the server or the disk refuses, or the hash is another;
 * the signal's reason where it was aborted
 */
export async function fetchWeights(where: string, options: FetchWeightsOptions = {}): Promise<FetchedWeights> {
  const source = weightsSource(where);
  const wanted = wantedHash(source, options.sha256);
  const local = source.kind === 'hf' ? await localWeights(source, wanted, options) : undefined;
  if (local) return local;
  const entry = source.kind === 'hf' ? new CacheEntry(source.word, hubUrl()) : new CacheEntry(source.url.href);
  const cached = (await fromCache(entry, wanted, options)) ?? (await fromOtherWord(source, wanted, options));
  if (cached) return cached;
  const remote = source.kind === 'hf' ? await huggingFaceFile(source, options.signal) : urlFile(source);
  if (wanted !== undefined && remote.sha256 !== undefined && wanted !== remote.sha256)
    throw hashError(remote, wanted, `the server's has ${remote.sha256}`);
  await makeFolder(entry.folder).catch((error) => {
    throw fileError('write', entry.folder, error, 'SKEIN_CACHE names another folder');
  });
  // who finds another process at it downloads for itself
  const lock = await lockOf(entry.folder);
  const partial = lock ? entry.partial : `${entry.partial}-${randomUUID()}`;
  try {
    return await downloaded(remote, entry, partial, wanted, options);
  } finally {
    if (!lock) await removePartial(partial);
    await lock?.release();
  }
}

function wantedHash({ sha256: inWord }: WeightsSource, given: string | undefined): string | undefined {
  if (given === undefined) return inWord;
  const sha256 = given.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw new ConfigError(`sha256: expected 64 hexadecimal digits, got ${JSON.stringify(given)}`);
  if (inWord !== undefined && inWord !== sha256)
    throw new ConfigError(`sha256: expected one hash, but the address asks for ${inWord} and the option for ${sha256}`);
  return sha256;
}

async function fromCache(
  entry: CacheEntry,
  wanted: string | undefined,
  { signal, onNotice }: FetchWeightsOptions,
): Promise<FetchedWeights | undefined> {
  const record = await entry.record();
  if (!record || (wanted !== undefined && wanted !== record.sha256)) return undefined;
  const path = entry.pathOf(record);
  const size = await entry.size(record);
  if (size === undefined) return undefined;
  const isWhole = size === record.bytes && (await hashOf(path, signal)) === record.sha256;
  if (isWhole && (await hasItsConfig(entry, record, signal))) return fetched(record, entry, true);
  onNotice?.(`${isWhole ? entry.config : path} was changed since it was downloaded; it is downloaded again`);
  return undefined;
}

async function hasItsConfig(entry: CacheEntry, { config }: CacheRecord, signal?: AbortSignal): Promise<boolean> {
  if (!config) return true;
  return (await fileSha256(entry.config, signal).catch(() => undefined)) === config.sha256;
}

/** A word with a commit means what one without it led to, where that was the same commit. */
async function fromOtherWord(
  source: WeightsSource,
  wanted: string | undefined,
  options: FetchWeightsOptions,
): Promise<FetchedWeights | undefined> {
  if (source.kind !== 'hf' || source.revision === undefined || source.file === undefined) return undefined;
  for (const word of [`hf:${source.repository}`, `hf:${source.repository}/${source.file}`]) {
    const entry = new CacheEntry(word, hubUrl());
    if ((await entry.record())?.source !== source.word) continue;
    const cached = await fromCache(entry, wanted, options);
    if (cached) return cached;
  }
  return undefined;
}

/** Also the site's own links know who asks. */
function urlFile({ url, word }: UrlSource): RemoteFile {
  const token = url.origin === new URL(hubUrl()).origin ? hubToken() : undefined;
  return {
    source: word,
    url: url.href,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    name: url.pathname.slice(url.pathname.lastIndexOf('/') + 1),
  };
}

const lockOf = (folder: string): Promise<FolderLock | undefined> =>
  lockFolder(folder).catch((error) => {
    if (error instanceof ConfigError) return undefined;
    throw error;
  });

async function downloaded(
  remote: RemoteFile,
  entry: CacheEntry,
  partial: string,
  wanted: string | undefined,
  options: FetchWeightsOptions,
): Promise<FetchedWeights> {
  const config = remote.config && (await downloadedConfig(remote.config, entry, partial, options.signal));
  const { etag } = await download(remote, partial, options);
  const sha256 = await hashOf(partial, options.signal);
  const expected = wanted ?? remote.sha256;
  if (expected !== undefined && sha256 !== expected) {
    await removePartial(partial);
    throw hashError(remote, expected, `its ${wanted === undefined ? 'bytes have' : 'file has'} ${sha256}`);
  }
  const record: CacheRecord = {
    source: remote.source,
    file: plainName(remote.name),
    sha256,
    bytes: (await stat(partial)).size,
    ...(etag !== undefined && { etag }),
    ...(remote.licence !== undefined && { licence: remote.licence }),
    ...(config && { config }),
    date: new Date().toISOString(),
  };
  const path = entry.pathOf(record);
  await rename(partial, path).catch((error) => {
    throw fileError('write', path, error);
  });
  await removePartial(partial);
  await entry.keep(record);
  return fetched(record, entry, false);
}

async function downloadedConfig(
  remote: RemoteFile,
  entry: CacheEntry,
  partial: string,
  signal: AbortSignal | undefined,
): Promise<{ sha256: string }> {
  const there = `${partial}-config`;
  try {
    await download(remote, there, { ...(signal && { signal }) });
    const sha256 = await hashOf(there, signal);
    await rename(there, entry.config).catch((error) => {
      throw fileError('write', entry.config, error);
    });
    return { sha256 };
  } finally {
    // so small a file is not gone on with
    await removePartial(there);
  }
}

const fetched = (record: CacheRecord, entry: CacheEntry, fromCache: boolean): FetchedWeights => {
  const { source, sha256, bytes, licence, config } = record;
  return {
    path: entry.pathOf(record),
    sha256,
    bytes,
    ...(licence !== undefined && { licence }),
    source,
    word: `${source}#sha256=${sha256}`,
    ...(config && { config: entry.config }),
    fromCache,
  };
};

const hashOf = (path: string, signal: AbortSignal | undefined): Promise<string> =>
  fileSha256(path, signal).catch((error) => {
    signal?.throwIfAborted();
    throw fileError('read', path, error);
  });

const hashError = ({ source }: RemoteFile, expected: string, got: string) =>
  new CheckpointError(
    `${source}: expected a file with SHA-256 ${expected}, but ${got}`,
    'it is another file, or was changed on the way: do not use it before you know why',
  );
