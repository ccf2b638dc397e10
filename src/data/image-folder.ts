/** Folders of images, one subfolder per class: images are decoded when they are read, labels are known from the start. */
import { basename, join, resolve } from 'node:path';
import { ConfigError, DataError } from '../tensor/index.ts';
import type { Dataset, Splits } from './dataset.ts';
import { composedNames, fileDataset, type ImageReading, imageSizeFor } from './file-dataset.ts';
import { type FolderPart, folderLayout, type Layout, layouts, type PartName, partNames } from './folder-layout.ts';
import { kindOf } from './folder-listing.ts';
import { folderProblems } from './folder-problems.ts';
import { type FolderTree, readFolderTree } from './folder-tree.ts';
import { type FoundData, splitsOf, usualHoldOut } from './found-data.ts';
import { nearNames } from './near-names.ts';
import { greyNormalisation, imageNetNormalisation } from './normalisation.ts';

/** How the images of a folder are read. */
export interface FolderReading extends ImageReading {
  /** Default 'auto': told by the folders' names, or refused where it cannot be told. */
  readonly layout?: Layout;
}

/** Options of `imageFolder`. */
export interface ImageFolderOptions extends FolderReading {
  /** Of the automatic split, default 0. */
  readonly seed?: number;
  /** Share of the images that the automatic split holds out, default 0.1. */
  readonly validationFraction?: number;
}

/**
 * A folder with one subfolder of images per class (JPEG, PNG, WebP, AVIF, GIF or TIFF), either directly or inside `train/`, `val/` (or `valid/`,
 * `validation/`) and `test/`, in upper or lower case; a folder of run files is passed over. Without `val/` a part of every class is held out
 * as `validation`: always from a flat folder, and from `train/` if `validationFraction` is given. Samples are [channels, size, size] in sRGB, see `decodeImage`.
 * @throws DataError where the folder is missing, has a single class, an empty class, classes in `val/` or `test/` that are
 *   not in `train/`, or folders of which it cannot be told what they are; on reading, where an image is corrupt
 */
export async function imageFolder(path: string, options: ImageFolderOptions = {}): Promise<Splits> {
  const found = await findImageFolder(path, options);
  return splitsOf(found, path, usualHoldOut(found, options));
}

/** The same as it lies there, with its problems. @throws DataError where there is no folder, or it cannot be told what is in it */
export async function findImageFolder(path: string, options: FolderReading = {}): Promise<FoundData> {
  const { layout = 'auto' } = options;
  const size = imageSizeFor('imageFolder', options);
  if (!layouts.includes(layout))
    throw new ConfigError(`imageFolder: \`layout\` must be ${layouts.join(', ')}, but is ${layout}`);
  const kind = await kindOf(path);
  if (kind !== 'folder')
    throw new DataError(
      `${path}: expected a folder of images, but ${kind === 'file' ? 'it is a file' : 'there is no such folder'}`,
      'give a folder with one subfolder per class',
    );
  const tree = await readFolderTree(path);
  const { parts: found, passedOver } = folderLayout(path, tree, layout);
  const parts = partNames.flatMap((name) => found.filter(({ part }) => part === name));
  const [main] = parts;
  const training = parts.find(({ part }) => part === 'all' || part === 'train');
  const classes = classNames(training ?? main);
  const name = basename(resolve(path));
  const datasets: Partial<Record<PartName, Dataset>> = {};
  const paths: Partial<Record<PartName, readonly string[]>> = {};
  for (const part of parts) {
    const { files, labels } = imagesOf(tree, part, classes);
    if (files.length === 0) continue;
    const called = `${name}/${part.part === 'all' ? 'train' : part.part}`;
    const located = files.map((file) => join(path, file));
    const samples = { paths: located, ids: composedNames(files), labels, source: path };
    datasets[part.part] = fileDataset(called, classes, samples, size);
    paths[part.part] = located;
  }
  return {
    name,
    classes,
    parts: datasets,
    files: paths,
    normalisation: size.channels === 3 ? imageNetNormalisation : greyNormalisation(imageNetNormalisation),
    problems: [
      ...folderProblems(path, tree, parts, passedOver, classes),
      ...nearNames(path, training?.classes ?? classes),
    ],
  };
}

/** Names in composed form, as they are typed: some systems keep them decomposed. */
const classNames = (part: FolderPart | undefined) => [
  ...new Set(part?.classes.map((folder) => folder.normalize('NFC'))),
];

/** Of the folders that are classes. */
function imagesOf({ images }: FolderTree, { folder, classes: folders }: FolderPart, classes: readonly string[]) {
  const prefix = folder === '' ? '' : `${folder}/`;
  const labelOf = new Map(folders.map((name) => [name, classes.indexOf(name.normalize('NFC'))]));
  const files: string[] = [];
  const labels: number[] = [];
  for (const image of images) {
    if (!image.startsWith(prefix)) continue;
    const label = labelOf.get(image.slice(prefix.length, image.indexOf('/', prefix.length))) ?? -1;
    if (label < 0 || !image.includes('/', prefix.length)) continue;
    files.push(image);
    labels.push(label);
  }
  return { files, labels };
}
