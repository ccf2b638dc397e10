import { basename, join } from 'node:path';
import { DataError, nearestName } from '../tensor/index.ts';
import { cifarVersion, readCifarFolder } from './cifar.ts';
import type { Splits } from './dataset.ts';
import type { Scaling } from './decode-image.ts';
import { kindOf, listFolder } from './folder-listing.ts';
import { isIdxImagesName, readIdxFile, readIdxFolder } from './idx.ts';
import { imageFolder } from './image-folder.ts';
import { datasetNames, loadNamed } from './named-datasets.ts';
import { splitTrainValidation } from './split-train-validation.ts';

/** Options of `loadData`; those of scaling are for images from an image folder. */
export interface LoadDataOptions extends Scaling {
  /** Height and width in pixels of images from an image folder, default 224. Other datasets keep their own size. */
  readonly size?: number;
  /** Of the split into train and validation, default 0. */
  readonly seed?: number;
  /**
   * Share of the training samples to hold out as `validation` where the data has none. Without it, only a flat image folder
   * is split (0.2).
   */
  readonly validationFraction?: number;
}

const understood =
  `understood are: a name (${datasetNames.join(', ')}); a folder with one subfolder of images per class, with idx files ` +
  '(train-images-idx3-ubyte, …) or with CIFAR’s .bin files; an idx file of images';

/**
 * A dataset by name, or from a folder or file, whose format is told by content.
 * @param nameOrPath one of `datasetNames`, a folder (image folder, idx, CIFAR) or an idx file of images
 * @throws DataError where nothing is found there, or what is found is not a dataset or is damaged
 */
export async function loadData(nameOrPath: string, options: LoadDataOptions = {}): Promise<Splits> {
  const splits = await readSplits(nameOrPath, options);
  const { seed = 0, validationFraction } = options;
  if (validationFraction === undefined || splits.validation) return splits;
  return { ...splits, ...(await splitTrainValidation(splits.train, { fraction: validationFraction, seed })) };
}

async function readSplits(nameOrPath: string, options: LoadDataOptions): Promise<Splits> {
  if (datasetNames.includes(nameOrPath)) return loadNamed(nameOrPath);
  const kind = await kindOf(nameOrPath);
  if (kind === 'folder') return readFolder(nameOrPath, options);
  if (kind === 'missing') {
    const near = nearestName(nameOrPath, datasetNames);
    throw new DataError(
      `unknown dataset \`${nameOrPath}\`: neither a name nor a folder or file` +
        (near === undefined ? '' : `; did you mean ${near}?`),
      understood,
    );
  }
  if (isIdxImagesName(basename(nameOrPath))) return readIdxFile(nameOrPath);
  if (cifarVersion([basename(nameOrPath)]) !== undefined)
    throw new DataError(`${nameOrPath}: expected the folder of a CIFAR dataset, but got one of its files`, understood);
  throw new DataError(`${nameOrPath}: expected a dataset, but no reader knows this file`, understood);
}

async function readFolder(path: string, options: LoadDataOptions): Promise<Splits> {
  const format = await folderFormat(path);
  if (format === 'idx') return readIdxFolder(path);
  if (format === 'cifar') return readCifarFolder(path);
  if (format === 'images') return imageFolder(path, options);
  throw new DataError(
    `${path}: expected a dataset, but got ${format === 'empty' ? 'an empty folder' : 'neither subfolders nor known files'}`,
    understood,
  );
}

/** What a folder's entries say that it is. @throws DataError where it cannot be read */
export async function folderFormat(path: string): Promise<'idx' | 'cifar' | 'images' | 'empty' | 'unknown'> {
  const entries = await listFolder(path);
  if (entries.some(isIdxImagesName)) return 'idx';
  if (cifarVersion(entries) !== undefined) return 'cifar';
  const kinds = await Promise.all(entries.map((entry) => kindOf(join(path, entry))));
  if (kinds.includes('folder')) return 'images';
  return entries.length === 0 ? 'empty' : 'unknown';
}
