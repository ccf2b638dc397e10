/** Weights of repositories out of a folder of the person's own, for machines that reach no server: SKEIN_WEIGHTS. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileError } from '../files/index.ts';
import { CheckpointError } from '../tensor/index.ts';
import type { DownloadOptions } from './download.ts';
import type { FetchedWeights } from './fetched-weights.ts';
import { fileSha256 } from './file-sha256.ts';
import { configFile } from './hugging-face.ts';
import type { HuggingFaceSource } from './weights-source.ts';

/** The folder of SKEIN_WEIGHTS; undefined where it is not set. */
const weightsFolder = (): string | undefined =>
  process.env.SKEIN_WEIGHTS ? resolve(process.env.SKEIN_WEIGHTS) : undefined;

/** By which name a file of a repository's folder is taken, the safest first. */
const usualNames = ['model.safetensors', 'pytorch_model.bin', 'model.onnx'];
const endings = ['.safetensors', '.bin', '.pth', '.pt', '.onnx'];

/**
 * The file that stands for the repository `OWNER/NAME` in the folder: `NAME/model.safetensors` (or the file that the word names, with
 * config.json beside it), or `NAME.safetensors` (with `NAME.json`). Undefined where there is no folder, or no such file in it.
 * @throws CheckpointError where the folder is not there or cannot be read; or its file is not the one that was asked for
 */
export async function localWeights(
  { repository, file }: HuggingFaceSource,
  wanted: string | undefined,
  { signal }: DownloadOptions,
): Promise<FetchedWeights | undefined> {
  const folder = weightsFolder();
  if (folder === undefined) return undefined;
  await readdir(folder).catch((error) => {
    throw fileError('read', folder, error, 'SKEIN_WEIGHTS is to name a folder that holds files of weights');
  });
  const name = repository.slice(repository.indexOf('/') + 1);
  const inFolder = (file === undefined ? usualNames : [file]).map((each) => ({
    path: join(folder, name, each),
    config: join(folder, name, configFile),
  }));
  const alone = endings.map((ending) => ({
    path: join(folder, `${name}${ending}`),
    config: join(folder, `${name}.json`),
  }));
  for (const { path, config } of [...inFolder, ...alone]) {
    const bytes = await sizeOf(path);
    if (bytes === undefined) continue;
    const sha256 = await fileSha256(path, signal).catch((error) => {
      signal?.throwIfAborted();
      throw fileError('read', path, error);
    });
    if (wanted !== undefined && sha256 !== wanted)
      throw new CheckpointError(
        `${path}: expected a file with SHA-256 ${wanted}, but it has ${sha256}`,
        'it is another file, or was changed: put the right one there, or unset SKEIN_WEIGHTS to have it downloaded',
      );
    return {
      ...{ path, sha256, bytes, source: path, fromCache: true },
      word: `hf:${repository}${file === undefined ? '' : `/${file}`}#sha256=${sha256}`,
      ...((await sizeOf(config)) !== undefined && { config }),
    };
  }
  return undefined;
}

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
