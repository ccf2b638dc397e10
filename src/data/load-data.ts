import { basename, join } from 'node:path';
import { DataError, nearestName } from '../tensor/index.ts';
import { cifarVersion, readCifarFolder } from './cifar.ts';
import { countClasses } from './count-classes.ts';
import type { DataProblem } from './data-problem.ts';
import type { Dataset, Splits } from './dataset.ts';
import { kindOf, listFolder } from './folder-listing.ts';
import { type FoundData, splitsOf, usualHoldOut } from './found-data.ts';
import { findIdxFolder, isIdxImagesName, readIdxFile } from './idx.ts';
import { type FolderReading, findImageFolder } from './image-folder.ts';
import { datasetNames, loadNamed } from './named-datasets.ts';

/** Options of `loadData`; those of reading are for images from an image folder: other datasets keep their own size and colours. */
export interface LoadDataOptions extends FolderReading {
  /** Of the split into train and validation, default 0. */
  readonly seed?: number;
  /**
   * Share of the training samples to hold out as `validation` where the data has none. Without it, only a flat image folder
   * is split (0.1).
   */
  readonly validationFraction?: number;
}

const understood =
  `understood are: a name (${datasetNames.join(', ')}); a folder with one subfolder of images per class, with idx files ` +
  '(train-images-idx3-ubyte, …) or with CIFAR’s .bin files; an idx file of images';

/**
 * A dataset by name, or from a folder or file, whose format is told by content.
 * @param nameOrPath one of `datasetNames`, a folder (image folder, idx, CIFAR) or an idx file of images
 * @throws DataError where nothing is found there, or what is found is not a dataset, is damaged, or cannot be trained on
 */
export async function loadData(nameOrPath: string, options: LoadDataOptions = {}): Promise<Splits> {
  const found = await findData(nameOrPath, options);
  return splitsOf(found, nameOrPath, usualHoldOut(found, options));
}

/**
 * The same as it lies there: the parts that it has of itself, and its problems. What it can do without is no error: a test set alone can be
 * evaluated on.
 * @throws DataError where nothing is found there, or what is found is not a dataset or is damaged
 */
export async function findData(nameOrPath: string, options: FolderReading = {}): Promise<FoundData> {
  if (datasetNames.includes(nameOrPath)) return recordsOf(await loadNamed(nameOrPath), nameOrPath);
  const kind = await kindOf(nameOrPath);
  if (kind === 'folder') return findFolder(nameOrPath, options);
  if (kind === 'missing') {
    const near = nearestName(nameOrPath, datasetNames);
    throw new DataError(
      `unknown dataset \`${nameOrPath}\`: neither a name nor a folder or file` +
        (near === undefined ? '' : `; did you mean ${near}?`),
      understood,
    );
  }
  if (isIdxImagesName(basename(nameOrPath))) {
    const { train, ...others } = await readIdxFile(nameOrPath);
    return recordsOf({ ...others, all: train }, nameOrPath);
  }
  if (cifarVersion([basename(nameOrPath)]) !== undefined)
    throw new DataError(`${nameOrPath}: expected the folder of a CIFAR dataset, but got one of its files`, understood);
  throw new DataError(`${nameOrPath}: expected a dataset, but no reader knows this file`, understood);
}

async function findFolder(path: string, options: FolderReading): Promise<FoundData> {
  const format = await folderFormat(path);
  if (format === 'idx') return recordsOf(await findIdxFolder(path), path);
  if (format === 'cifar') return recordsOf(await readCifarFolder(path), path);
  if (format === 'images') return findImageFolder(path, options);
  throw new DataError(
    `${path}: expected a dataset, but got ${format === 'empty' ? 'an empty folder' : 'neither subfolders nor known files'}`,
    understood,
  );
}

/** What a folder's entries say that it is. @throws DataError where it cannot be read */
async function folderFormat(path: string): Promise<'idx' | 'cifar' | 'images' | 'empty' | 'unknown'> {
  const entries = await listFolder(path);
  if (entries.some(isIdxImagesName)) return 'idx';
  if (cifarVersion(entries) !== undefined) return 'cifar';
  const kinds = await Promise.all(entries.map((entry) => kindOf(join(path, entry))));
  if (kinds.includes('folder')) return 'images';
  return entries.length === 0 ? 'empty' : 'unknown';
}

type Parts = Partial<Record<'all' | 'train' | 'validation' | 'test', Dataset>> & Pick<Splits, 'normalisation'>;

/** Files of many images, whose samples are known by their numbers. */
async function recordsOf({ normalisation, ...read }: Parts, source: string): Promise<FoundData> {
  const parts = Object.fromEntries(Object.entries(read).map(([part, dataset]) => [part, { ...dataset, source }]));
  const [first] = Object.values(parts) as [Dataset];
  const problems: DataProblem[] = [];
  for (const dataset of Object.values(parts)) {
    const counts = await countClasses(dataset);
    const empty = dataset.classes.filter((_, label) => counts[label] === 0);
    if (empty.length > 0)
      problems.push({
        severity: 'warning',
        kind: 'empty class',
        message: `${dataset.name}: there is no image of ${empty.map((missing) => `\`${missing}\``).join(', ')}`,
      });
  }
  if (first.classes.length < 2)
    problems.push({
      severity: 'error',
      kind: 'too few classes',
      message: `${source}: expected samples of two or more classes, but ${first.name} has ${first.length} of ${first.classes.length}`,
      hint: 'a classifier needs at least two classes to tell apart',
    });
  if (!parts.train && !parts.all)
    problems.push({
      severity: 'error',
      kind: 'no training images',
      message: `${source}: expected images to train on, but it only has a test set`,
      hint: 'put the training images beside it (train-images-idx3-ubyte, …); skein eval does without',
    });
  return { name: first.name.replace(/\/(train|test)$/, ''), classes: first.classes, parts, normalisation, problems };
}
