/** Repositories of Hugging Face: which file has the weights, at which commit, under which licence. */
import { fileDownloadInfo, HubApiError, modelInfo } from '@huggingface/hub';
import { CheckpointError, ConfigError, nearestName, SkeinError } from '../tensor/index.ts';
import { connectionError, statusError } from './remote-error.ts';
import type { RemoteFile } from './remote-file.ts';
import type { HuggingFaceSource } from './weights-source.ts';

/** The site, or the mirror of HF_ENDPOINT, without a slash at the end. @throws ConfigError where HF_ENDPOINT is no address */
export function hubUrl(): string {
  const url = process.env.HF_ENDPOINT || 'https://huggingface.co';
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new ConfigError(`HF_ENDPOINT: expected the address of a mirror, got ${url}`, 'it starts with https://');
  return url.replace(/\/+$/, '');
}

/** What the site asks for from who may see a repository. @throws ConfigError where HF_TOKEN is no token */
export function hubToken(): string | undefined {
  const token = process.env.HF_TOKEN || undefined;
  if (token !== undefined && !/^hf_\w+$/.test(token))
    throw new ConfigError('HF_TOKEN: expected a token that starts with hf_, got something else');
  return token;
}

/**
 * The file that the word means.
 * @throws CheckpointError where the repository or the file cannot be found or seen, or it is not clear which file is meant
 */
export async function huggingFaceFile(source: HuggingFaceSource, signal?: AbortSignal): Promise<RemoteFile> {
  const accessToken = hubToken();
  const shared = {
    hubUrl: hubUrl(),
    ...(accessToken && { accessToken }),
    fetch: (input: Parameters<typeof fetch>[0], init?: RequestInit) =>
      fetch(input, { ...init, ...(signal && { signal }) }),
  };
  const info = await asked(source, signal, () =>
    modelInfo({
      ...shared,
      name: source.repository,
      ...(source.revision && { revision: source.revision }),
      additionalFields: ['sha', 'cardData', 'filePaths'],
    }),
  );
  const files = Array.isArray(info.filePaths) ? info.filePaths.filter((path) => typeof path === 'string') : [];
  const path = source.file === undefined ? weightsFile(source, files) : givenFile(source, source.file, files);
  // of one commit, so that all that is known of the file is of the same
  const revision = /^[0-9a-f]{40}$/.test(info.sha ?? '') ? info.sha : (source.revision ?? 'main');
  const found = await asked(source, signal, () =>
    fileDownloadInfo({ ...shared, repo: { type: 'model', name: source.repository }, path: encoded(path), revision }),
  );
  if (!found) throw statusError(`${source.word}: ${path}`, 404);
  // of another server's answer the library makes such numbers and words as are there
  if (!Number.isSafeInteger(found.size) || found.size < 0 || typeof found.etag !== 'string')
    throw strange(source, `of ${path} it says a size of ${found.size} and the tag ${found.etag}`);
  const sha256 = /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(found.etag)?.[1];
  const licence = licenceOf(info.cardData);
  const remote = (at: string): RemoteFile => ({
    source: `hf:${source.repository}@${revision}/${at}`,
    url: `${hubUrl()}/${source.repository}/resolve/${encodeURIComponent(revision)}/${encoded(at)}`,
    headers: accessToken ? { Authorization: `Bearer ${accessToken}` } : {},
    name: at.slice(at.lastIndexOf('/') + 1),
  });
  const config = `${path.slice(0, path.lastIndexOf('/') + 1)}${configFile}`;
  return {
    ...remote(path),
    bytes: found.size,
    ...(sha256 && { sha256 }),
    ...(licence && { licence }),
    ...(files.includes(config) && { config: { ...remote(config), most: mostOfConfig } }),
  };
}

async function asked<T>(
  { word }: HuggingFaceSource,
  signal: AbortSignal | undefined,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SkeinError) throw error;
    if (error instanceof HubApiError) throw statusError(word, error.statusCode);
    if ((error as Error).cause !== undefined) throw connectionError(word, error);
    throw strange({ word }, (error as Error).message);
  }
}

const strange = ({ word }: Pick<HuggingFaceSource, 'word'>, reason: string) =>
  new CheckpointError(
    `${word}: the server does not answer as Hugging Face does: ${reason}`,
    'is HF_ENDPOINT set to something else?',
  );

/** What a repository says of its network. */
export const configFile = 'config.json';
/** Those with a thousand classes' names have about 100 kB. */
const mostOfConfig = 4e6;

/** Each kind of file by the name that it has by custom, and by any; the safest first. */
const kinds = [
  { usual: 'model.safetensors', any: /\.safetensors$/i },
  { usual: 'pytorch_model.bin', any: /\.(bin|pth|pt)$/i },
  { usual: 'model.onnx', any: /\.onnx$/i },
];

function weightsFile({ word, repository }: HuggingFaceSource, files: readonly string[]): string {
  for (const { usual, any } of kinds) {
    const matching = files.filter((path) => any.test(path));
    if (matching.includes(usual)) return usual;
    if (matching.length === 1) return matching[0] as string;
    if (matching.length > 1)
      throw new CheckpointError(
        `${word}: expected one file of weights, but there are ${matching.length}: ${listed(matching)}`,
        `say which: hf:${repository}/${matching[0]}`,
      );
  }
  throw new CheckpointError(
    `${word}: expected a file of weights (.safetensors, .bin, .pth, .pt or .onnx), ` +
      (files.length > 0 ? `got ${listed(files)}` : 'but the repository is empty'),
    'give another repository',
  );
}

function givenFile({ word }: HuggingFaceSource, file: string, files: readonly string[]): string {
  if (files.includes(file)) return file;
  const near = nearestName(file, files);
  throw new CheckpointError(
    `${word}: the repository has no file ${file}`,
    near === undefined ? `it has ${listed(files)}` : `did you mean ${near}?`,
  );
}

const listed = (files: readonly string[]) => files.slice(0, 8).join(', ') + (files.length > 8 ? ', …' : '');

const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/');

/** Of the model's card; where it says `other`, it may give the licence a name. */
function licenceOf(card: unknown): string | undefined {
  const { license, license_name: name } = (card ?? {}) as { license?: unknown; license_name?: unknown };
  const found = [license].flat().filter((text): text is string => typeof text === 'string' && text !== '');
  if (found.length === 1 && found[0] === 'other' && typeof name === 'string' && name !== '') return name.slice(0, 80);
  return found.length > 0 ? found.join(', ').slice(0, 80) : undefined;
}
