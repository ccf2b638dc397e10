import { basename, join } from 'node:path';
import { ConfigError, DataError, nearestName } from '../tensor/index.ts';
import { cifarVersion, readCifarFolder } from './cifar.ts';
import { countClasses } from './count-classes.ts';
import type { DataProblem } from './data-problem.ts';
import { type DataSource, sourcesOf, sourceText } from './data-source.ts';
import type { Dataset, Splits } from './dataset.ts';
import { kindOf, listFolder } from './folder-listing.ts';
import { imageName } from './folder-tree.ts';
import { type FoundData, splitsOf, usualHoldOut } from './found-data.ts';
import { findIdxFolder, isIdxImagesName, readIdxFile } from './idx.ts';
import { type FolderReading, findImageFolder } from './image-folder.ts';
import { findImageTable } from './image-table.ts';
import { labelsOf } from './labels-of.ts';
import { datasetNames, loadNamed } from './named-datasets.ts';
import { joinData } from './several-data.ts';
import type { NamedData } from './several-sources.ts';
import { singleImages } from './single-images.ts';
import { type TableReading, tableOptions } from './table-columns.ts';
import { isTableName } from './table-rows.ts';

/** How data is read, where its images are files: other datasets keep their own size and colours. */
export interface DataReading extends FolderReading, TableReading {}

/** Options of `loadData`. */
export interface LoadDataOptions extends DataReading {
  /** Of the split into train and validation, default 0. */
  readonly seed?: number;
  /**
   * Share of the training samples to hold out as `validation` where the data has none. Without it, only a flat image folder
   * and a table without splits are split (0.1).
   */
  readonly validationFraction?: number;
}

const understood =
  `understood are: a name (${datasetNames.join(', ')}); a folder with one subfolder of images per class, with idx files ` +
  '(train-images-idx3-ubyte, …) or with CIFAR’s files, binary or for Python; a table of images and their classes (.csv, .tsv, .jsonl); an idx file of images';

/**
 * A dataset by name, or from a folder or file, whose format is told by content.
 * @param source one of `datasetNames`, a folder (image folder, idx, CIFAR), a table of images or an idx file of images; or several of these,
 *   which count as one dataset
 * @throws DataError where nothing is found there, or what is found is not a dataset, is damaged, or cannot be trained on
 */
export async function loadData(source: DataSource, options: LoadDataOptions = {}): Promise<Splits> {
  const found = await findData(source, options);
  return splitsOf(found, source, usualHoldOut(found, options));
}

/**
 * The same as it lies there: the parts that it has of itself, and its problems. What it can do without is no error: a test set alone can be
 * evaluated on.
 * @throws DataError where nothing is found there, or what is found is not a dataset or is damaged; ConfigError for an option that is for
 *   other data
 */
export async function findData(source: DataSource, options: DataReading = {}): Promise<FoundData> {
  const sources = sourcesOf(source);
  const [first, ...others] = sources;
  if (first === undefined) throw new ConfigError('data: expected a name or a path, but got an empty list', understood);
  const forTables = tableOptions.find((option) => options[option] !== undefined);
  if (forTables !== undefined && !sources.some(isTableName))
    throw new ConfigError(
      `${sourceText(source)}: \`${forTables}\` is for a table of images (.csv, .tsv, .jsonl), but there is none`,
      'leave it out, or give the table as the data',
    );
  if (others.length === 0) return findOne(first, options);
  const several: NamedData[] = [];
  for (const each of sources) several.push({ source: each, found: await findOne(each, options) });
  return joinData(several);
}

async function findOne(nameOrPath: string, options: DataReading): Promise<FoundData> {
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
  if (isTableName(nameOrPath)) return findImageTable(nameOrPath, options);
  if (isIdxImagesName(basename(nameOrPath))) {
    const { train, ...others } = await readIdxFile(nameOrPath);
    return recordsOf({ ...others, all: train }, nameOrPath);
  }
  if (cifarVersion([basename(nameOrPath)]) !== undefined)
    throw new DataError(`${nameOrPath}: expected the folder of a CIFAR dataset, but got one of its files`, understood);
  if (/\.(tar|tgz|zip|7z|rar|gz|bz2|xz)$/i.test(nameOrPath))
    throw new DataError(
      `${nameOrPath}: expected a dataset, but this is an archive`,
      `unpack it${/\.(tar|tgz|tar\.\w+)$/i.test(nameOrPath) ? ` (tar -xf ${nameOrPath})` : ''} and give the folder that comes out`,
    );
  if (imageName.test(nameOrPath))
    throw new DataError(
      `${nameOrPath}: expected a dataset, but this is an image`,
      'give the folder that has a subfolder of images for each class; skein predict answers for single images',
    );
  throw new DataError(`${nameOrPath}: expected a dataset, but no reader knows this file`, understood);
}

async function findFolder(path: string, options: DataReading): Promise<FoundData> {
  const format = await folderFormat(path);
  if (format === 'idx') return recordsOf(await findIdxFolder(path), path);
  if (format === 'cifar') return recordsOf(await readCifarFolder(path), path);
  if (format === 'images') {
    const deeper = await recordsWithin(path);
    if (deeper !== undefined)
      throw new DataError(
        `${path}: expected a dataset, but it is one folder deeper, in ${deeper}`,
        `give ${deeper} as the data`,
      );
    return findImageFolder(path, options);
  }
  const tables = (await listFolder(path)).filter(isTableName);
  throw new DataError(
    `${path}: expected a dataset, but got ${format === 'empty' ? 'an empty folder' : 'neither subfolders nor known files'}`,
    tables[0] === undefined ? understood : `there is a table: give ${join(path, tables[0])} as the data`,
  );
}

/** A folder has few that are no classes. */
const mostLooked = 8;

/** A subfolder with files of many images, where an archive that has a folder of its own was unpacked. */
async function recordsWithin(path: string): Promise<string | undefined> {
  const entries = await listFolder(path);
  const kinds = await Promise.all(entries.map((entry) => kindOf(join(path, entry))));
  const folders = entries.filter((_, i) => kinds[i] === 'folder');
  if (folders.length > mostLooked) return undefined;
  for (const folder of folders.map((name) => join(path, name))) {
    const names = await listFolder(folder).catch(() => []);
    if (names.some(isIdxImagesName)) return folder;
    // names first: a class may have very many files
    if (cifarVersion(names) !== undefined && (await folderFormat(folder)) === 'cifar') return folder;
  }
  return undefined;
}

/** What a folder's entries say that it is. @throws DataError where it cannot be read */
async function folderFormat(path: string): Promise<'idx' | 'cifar' | 'images' | 'empty' | 'unknown'> {
  const entries = await listFolder(path);
  if (entries.some(isIdxImagesName)) return 'idx';
  const kinds = await Promise.all(entries.map((entry) => kindOf(join(path, entry))));
  // a folder of images may have a subfolder `train`
  if (cifarVersion(entries.filter((_, i) => kinds[i] === 'file')) !== undefined) return 'cifar';
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
  const learnt = parts.all ?? parts.train;
  if (learnt && !parts.validation) problems.push(...singleImages(source, learnt.classes, await labelsOf(learnt)));
  return { name: first.name.replace(/\/(train|test)$/, ''), classes: first.classes, parts, normalisation, problems };
}
