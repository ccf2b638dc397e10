/** Folders of images, one subfolder per class: images are decoded when they are read, labels are known from the start. */
import { basename, join, resolve } from 'node:path';
import { ConfigError, DataError } from '../tensor/index.ts';
import type { Dataset, Sample, Splits } from './dataset.ts';
import { decodeImage, type ImageSize, type Scaling } from './decode-image.ts';
import { kindOf, listFolder } from './folder-listing.ts';
import { imageNetNormalisation } from './normalisation.ts';
import { splitTrainValidation } from './split-train-validation.ts';

/** Options of `imageFolder`. */
export interface ImageFolderOptions extends Scaling {
  /** Height and width in pixels of every image read, default 224. */
  readonly size?: number;
  /** Of the automatic split, default 0. */
  readonly seed?: number;
  /** Share of the images that the automatic split holds out, default 0.2. */
  readonly validationFraction?: number;
}

/** Files that are taken for images. */
export const imageName = /\.(jpe?g|png|webp)$/i;
/** What the folder of the validation split may be called. */
export const validationNames = ['val', 'valid', 'validation'];

/**
 * A folder with one subfolder of JPEG, PNG or WebP images per class, either directly or inside `train/`, `val/` (or `valid/`,
 * `validation/`) and `test/`. Without `val/` a part of every class is held out as `validation`: always from a flat folder, and
 * from `train/` if `validationFraction` is given. Samples are [3, size, size] in sRGB, see `decodeImage`.
 * @throws DataError where the folder is missing, has a single class, an empty class, or classes in `val/` or `test/` that are
 *   not in `train/`; on reading, where an image is corrupt
 */
export async function imageFolder(path: string, options: ImageFolderOptions = {}): Promise<Splits> {
  const { size: side = 224, seed = 0, validationFraction, resize, interpolation } = options;
  if (!(Number.isInteger(side) && side > 0))
    throw new ConfigError(`imageFolder: \`size\` must be a positive number of whole pixels, but is ${side}`);
  const scaling = { ...(resize && { resize }), ...(interpolation && { interpolation }) };
  const size = { channels: 3, height: side, width: side, ...scaling } as const;
  const kind = await kindOf(path);
  if (kind !== 'folder')
    throw new DataError(
      `${path}: expected a folder of images, but ${kind === 'file' ? 'it is a file' : 'there is no such folder'}`,
      'give a folder with one subfolder per class',
    );
  const name = basename(resolve(path));
  const folders = await subfolders(path);
  const normalisation = imageNetNormalisation;
  if (!folders.includes('train')) {
    const classes = classesIn(path, folders);
    const everything = await readSplit(path, classes, classes, `${name}/train`, size);
    return {
      ...(await splitTrainValidation(everything, { fraction: validationFraction ?? 0.2, seed })),
      normalisation,
    };
  }
  const trainPath = join(path, 'train');
  const classes = classesIn(trainPath, await subfolders(trainPath));
  const train = await readSplit(trainPath, classes, classes, `${name}/train`, size);
  const readOther = async (folder: string, split: string): Promise<Dataset> => {
    const other = join(path, folder);
    return readSplit(other, await subfolders(other), classes, `${name}/${split}`, size);
  };
  const validationName = validationNames.find((candidate) => folders.includes(candidate));
  const validation = validationName === undefined ? undefined : await readOther(validationName, 'validation');
  const test = folders.includes('test') && (await readOther('test', 'test'));
  const trainAndValidation =
    validation === undefined && validationFraction !== undefined
      ? await splitTrainValidation(train, { fraction: validationFraction, seed })
      : { train, ...(validation && { validation }) };
  return { ...trainAndValidation, ...(test && { test }), normalisation };
}

/** The visible folders in a folder, in order. */
export async function subfolders(path: string): Promise<string[]> {
  const names = await listFolder(path);
  const kinds = await Promise.all(names.map((entry) => kindOf(join(path, entry))));
  return names.filter((_, i) => kinds[i] === 'folder');
}

function classesIn(path: string, folders: readonly string[]): readonly string[] {
  if (folders.length >= 2) return folders;
  throw new DataError(
    `${path}: expected a subfolder for each of two or more classes, but got ` +
      (folders.length === 0 ? 'none' : `only \`${folders[0]}\``),
    'a classifier needs at least two classes: put the images of each into a subfolder of its name',
  );
}

/** The images in the `folders` of `path`, which are all or some of `classes`. */
async function readSplit(
  path: string,
  folders: readonly string[],
  classes: readonly string[],
  name: string,
  size: ImageSize,
): Promise<Dataset> {
  const unknown = folders.filter((folder) => !classes.includes(folder));
  if (unknown.length > 0)
    throw new DataError(
      `${path}: expected only classes that are in train, but got ${unknown.map((folder) => `\`${folder}\``).join(', ')} ` +
        `(train has ${classes.join(', ')})`,
      'add the class to train, or remove its folder here; upper and lower case count',
    );
  if (folders.length === 0)
    throw new DataError(
      `${path}: expected a subfolder per class, but there is none`,
      'put images into subfolders that are named as those of train, or remove the folder',
    );
  const files: string[] = [];
  const labels: number[] = [];
  for (const folder of folders) {
    const entries = await listFolder(join(path, folder));
    const images = entries.filter((entry) => imageName.test(entry));
    if (images.length === 0)
      throw new DataError(
        `${join(path, folder)}: expected images of class \`${folder}\`, but there is no JPEG, PNG or WebP file ` +
          `(${entries.length} other entries)`,
        'add images, or remove the folder; images in deeper folders are not read',
      );
    for (const image of images) {
      files.push(join(path, folder, image));
      labels.push(classes.indexOf(folder));
    }
  }
  return fileDataset(name, classes, files, labels, size);
}

/** Image files with a class each, decoded when they are read. */
export function fileDataset(
  name: string,
  classes: readonly string[],
  files: readonly string[],
  labels: readonly number[],
  size: ImageSize,
): Dataset {
  return {
    name,
    classes,
    length: files.length,
    labels,
    async read(index): Promise<Sample> {
      const file = files[index];
      if (file === undefined) throw new DataError(`${name}: no sample ${index}; there are ${files.length}`);
      const image = await decodeImage(file, size);
      return { image, label: labels[index] as number };
    },
  };
}
