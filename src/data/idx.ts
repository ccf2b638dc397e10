/**
 * The idx files of MNIST and its relatives: big-endian header, then bytes.
 * Images: magic 0x803, count, rows, columns, pixels. Labels: magic 0x801, count, labels. (yann.lecun.com/exdb/mnist)
 */
import { basename, dirname, join } from 'node:path';
import { DataError } from '../tensor/index.ts';
import { readDeclared } from './binary-file.ts';
import { numberedClasses, readClassNames } from './class-names.ts';
import type { Dataset, Normalisation, Splits } from './dataset.ts';
import { kindOf, listFolder } from './folder-listing.ts';
import { checkLabels, memoryDataset } from './memory-dataset.ts';
import { measureNormalisation } from './normalisation.ts';

/** Options of the idx readers. */
export interface IdxOptions {
  /** Dataset name for messages and reports; default the folder's. */
  readonly name?: string;
  /** Class names; default the lines of `classes.txt` beside the files, else `class 0`, `class 1`, … */
  readonly classes?: readonly string[];
  /** Default: measured on the training images. */
  readonly normalisation?: Normalisation;
}

const imagesMagic = 0x803;
const labelsMagic = 0x801;
/** Larger images than this are taken for a damaged header. */
const largestSide = 4096;

const imagesName = /^(.*)images([-.])idx3-ubyte(\.gz)?$/;

/** Does this file name belong to the images of an idx dataset? */
export function isIdxImagesName(name: string): boolean {
  return imagesName.test(name);
}

/**
 * A folder with `train-images-idx3-ubyte[.gz]`, `train-labels-idx1-ubyte[.gz]` and, if there is a test set, `t10k-…`.
 * @throws DataError where a file is missing, damaged, or contradicts another
 */
export async function readIdxFolder(path: string, options: IdxOptions = {}): Promise<Splits> {
  const { train, test, normalisation } = await findIdxFolder(path, options);
  if (train) return { train, ...(test && { test }), normalisation };
  throw new DataError(
    `${path}: expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz, but there is none`,
    'the folder needs the training images too, to train; skein eval does without',
  );
}

/** The same where the test set alone is enough. @throws DataError */
export async function findIdxFolder(
  path: string,
  options: IdxOptions = {},
): Promise<Omit<Splits, 'train' | 'validation'> & { readonly train?: Dataset }> {
  const files = await listFolder(path);
  const pairOf = async (split: RegExp) => {
    const [file, another] = files.filter((name) => split.test(imagesName.exec(name)?.[1] ?? ''));
    if (another !== undefined && !another.startsWith(`${file}.`))
      throw new DataError(
        `${path}: expected the images of one dataset, but there are ${file} and ${another}`,
        'give each dataset a folder of its own, or name one of the files',
      );
    return file === undefined ? undefined : readPair(join(path, file));
  };
  const train = await pairOf(/(^|-)train-$/);
  const test = await pairOf(/(^|-)(t10k|test)-$/);
  const first = train ?? test;
  if (first === undefined)
    throw new DataError(
      `${path}: expected train-images-idx3-ubyte or t10k-images-idx3-ubyte, but there are other idx files`,
      'give one of them by its path, or rename it',
    );
  const name = options.name ?? basename(path);
  const classes = await classesOf(path, first, options);
  const trainSet = train && toDataset(train, `${name}/train`, classes);
  const testSet = test && toDataset(test, `${name}/test`, classes);
  return {
    ...(trainSet && { train: trainSet }),
    ...(testSet && { test: testSet }),
    normalisation: options.normalisation ?? (await measureNormalisation((trainSet ?? testSet) as Dataset)),
  };
}

/**
 * One images file; its labels are found beside it by name (`images-idx3` becomes `labels-idx1`). All of it is `train`.
 * @throws DataError as readIdxFolder
 */
export async function readIdxFile(imagesPath: string, options: IdxOptions = {}): Promise<Splits> {
  const pair = await readPair(imagesPath);
  const classes = await classesOf(dirname(imagesPath), pair, options);
  const train = toDataset(pair, options.name ?? basename(imagesPath), classes);
  return { train, normalisation: options.normalisation ?? (await measureNormalisation(train)) };
}

interface Pair {
  readonly labelsPath: string;
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

async function readPair(imagesPath: string): Promise<Pair> {
  const labelsPath = await labelsBeside(imagesPath);
  const images = await readDeclared(imagesPath, 16, (header) => {
    const [count, height, width] = readHeader(header, imagesMagic, imagesPath) as [number, number, number];
    if (!(count > 0 && height > 0 && width > 0 && height <= largestSide && width <= largestSide))
      throw new DataError(
        `${imagesPath}: expected at least one image with sides of 1 to ${largestSide} pixels, but its header declares ` +
          `${count} images of ${height}×${width}`,
        'the header is damaged; get the file again',
      );
    return 16 + count * height * width;
  });
  const [count, height, width] = readHeader(images, imagesMagic, imagesPath) as [number, number, number];
  const labels = await readDeclared(labelsPath, 8, (h) => 8 + (readHeader(h, labelsMagic, labelsPath)[0] as number));
  if (labels.length - 8 !== count)
    throw new DataError(
      `${labelsPath}: expected ${count} labels, one for each image of ${basename(imagesPath)}, but got ${labels.length - 8}`,
      'the two files belong to different datasets or splits',
    );
  return { labelsPath, height, width, pixels: images.subarray(16), labels: labels.subarray(8) };
}

async function labelsBeside(imagesPath: string): Promise<string> {
  const [, prefix, separator] = imagesName.exec(basename(imagesPath)) ?? [];
  if (separator === undefined)
    throw new DataError(
      `${imagesPath}: expected a name that ends in images-idx3-ubyte or images-idx3-ubyte.gz`,
      'the labels are found by that name',
    );
  const stem = join(dirname(imagesPath), `${prefix}labels${separator}idx1-ubyte`);
  for (const candidate of [stem, `${stem}.gz`]) if ((await kindOf(candidate)) === 'file') return candidate;
  throw new DataError(
    `${imagesPath}: expected its labels in ${basename(stem)} or ${basename(stem)}.gz beside it, but there is neither`,
    'images and labels of a split are two files that belong together',
  );
}

/** The extents after the magic number, checked. */
function readHeader(bytes: Uint8Array, magic: number, path: string): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = view.getUint32(0);
  if (found !== magic) {
    const swapped = found === (magic === imagesMagic ? labelsMagic : imagesMagic);
    throw new DataError(
      `${path}: expected magic number ${hex(magic)} (idx ${magic === imagesMagic ? 'images' : 'labels'} of bytes), ` +
        `but got ${hex(found)}`,
      swapped ? 'images and labels are swapped' : 'this is not such an idx file, or it is damaged',
    );
  }
  return Array.from({ length: magic & 0xff }, (_, i) => view.getUint32(4 + 4 * i));
}

const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;

async function classesOf(folder: string, train: Pair, options: IdxOptions): Promise<readonly string[]> {
  const named = options.classes ?? (await readClassNames(join(folder, 'classes.txt')));
  return named ?? numberedClasses(train.labels.reduce((most, label) => Math.max(most, label), 0) + 1);
}

function toDataset({ labelsPath, ...images }: Pair, name: string, classes: readonly string[]): Dataset {
  checkLabels(images.labels, classes.length, labelsPath, 'the labels are damaged, or belong to other classes');
  return memoryDataset({ name, classes, channels: 1, ...images });
}
