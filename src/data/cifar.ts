/**
 * CIFAR-10 and CIFAR-100, the binary version and the one for Python: labels and 3×32×32 channel-major pixels.
 * Krizhevsky 2009; https://www.cs.toronto.edu/~kriz/cifar.html
 */
import { basename, join } from 'node:path';
import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import { numberedClasses, readClassNames } from './class-names.ts';
import type { Dataset, Splits } from './dataset.ts';
import { kindOf, listFolder } from './folder-listing.ts';
import { memoryDataset } from './memory-dataset.ts';
import { cifar10Normalisation, cifar100Normalisation } from './normalisation.ts';
import { labelsIn, namesIn, pixelsIn, readPickledDict } from './pickled-batch.ts';

const pixelBytes = 3 * 32 * 32;
const cifar10Classes = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');

/** The two versions of the files. Both hold the same records. */
interface CifarFormat {
  /** What ends the names of files of images. */
  readonly ending: '.bin' | '';
  /** Names of classes, by their list's name; undefined where the folder has none. */
  names(
    path: string,
    key: 'label_names' | 'fine_label_names' | 'coarse_label_names',
  ): Promise<readonly string[] | undefined>;
  /** @param labels how many values each label of a record may take, by its name; the last one is kept */
  records(path: string, labels: Readonly<Record<string, number>>): Promise<Records>;
}

const binary: CifarFormat = {
  ending: '.bin',
  names: (path, key) => readClassNames(join(path, key === 'label_names' ? 'batches.meta.txt' : `${key}.txt`)),
  records: (path, labels) => readRecords(path, Object.values(labels)),
};

const pickled: CifarFormat = {
  ending: '',
  names: async (path, key) => {
    const file = join(path, key === 'label_names' ? 'batches.meta' : 'meta');
    return (await kindOf(file)) === 'file' ? namesIn(await readPickledDict(file), key) : undefined;
  },
  records: async (path, labels) => {
    const dict = await readPickledDict(path);
    const pixels = pixelsIn(path, dict, pixelBytes);
    const all = Object.entries(labels).map(([key, limit]) =>
      labelsIn(path, dict, key, pixels.length / pixelBytes, limit),
    );
    return { path, labels: all.at(-1) as Uint8Array, pixels };
  },
};

/** Is this the listing of a CIFAR folder, and of which? */
export function cifarVersion(files: readonly string[]): 'cifar10' | 'cifar100' | undefined {
  if (files.some((file) => /^data_batch_\d+(\.bin)?$/.test(file))) return 'cifar10';
  return files.includes('train.bin') || (files.includes('train') && files.includes('meta')) ? 'cifar100' : undefined;
}

/**
 * A folder of CIFAR-10 (`data_batch_N.bin`, `test_batch.bin`, names in `batches.meta.txt`) or of CIFAR-100 (`train.bin`,
 * `test.bin`, names in `fine_label_names.txt`; labels are the fine ones), or of the version for Python, whose files have no ending (names
 * in `batches.meta` or `meta`) and are read as data. The test file may be absent.
 * @throws DataError where a file is missing, cut off, or holds a label out of range
 */
export async function readCifarFolder(path: string, options: { readonly name?: string } = {}): Promise<Splits> {
  const files = await listFolder(path);
  const version = cifarVersion(files);
  if (version === undefined)
    throw new DataError(
      `${path}: expected data_batch_1 (CIFAR-10) or train and meta (CIFAR-100), with .bin or without, but there is neither`,
      'the binary version is meant or the one for Python, not the one for Matlab',
    );
  const isBinary = version === 'cifar10' ? /^data_batch_\d+\.bin$/ : /^train\.bin$/;
  const format = files.some((file) => isBinary.test(file)) ? binary : pickled;
  return version === 'cifar10'
    ? readCifar10(path, files, format, options.name ?? basename(path))
    : readCifar100(path, files, format, options.name ?? basename(path));
}

async function readCifar10(path: string, files: readonly string[], format: CifarFormat, name: string): Promise<Splits> {
  const { ending, records } = format;
  const classes = (await format.names(path, 'label_names')) ?? cifar10Classes;
  const numbers = files.flatMap((file) => new RegExp(`^data_batch_(\\d+)${ending}$`).exec(file)?.[1] ?? []).map(Number);
  numbers.sort((a, b) => a - b);
  const gap = numbers.findIndex((number, i) => number !== i + 1);
  if (gap >= 0)
    throw new DataError(
      `${path}: expected data_batch_${gap + 1}${ending}, but there is data_batch_${numbers[gap]}${ending} instead`,
      'a part of the training set is missing; unpack the archive again',
    );
  const labels = { labels: classes.length };
  const batches = await Promise.all(numbers.map((n) => records(join(path, `data_batch_${n}${ending}`), labels)));
  const short = batches.find((batch) => batch.labels.length < (batches[0] as Records).labels.length);
  const odd = short ?? batches.find((batch) => batch.labels.length !== (batches[0] as Records).labels.length);
  if (odd)
    throw new DataError(
      `${odd.path}: expected as many records as data_batch_1${ending}, ${batches[0]?.labels.length}, but got ${odd.labels.length}`,
      'one of the two is cut off; unpack the archive again',
    );
  const testFile = `test_batch${ending}`;
  const test = files.includes(testFile) && (await records(join(path, testFile), labels));
  return {
    train: toDataset(`${name}/train`, classes, batches),
    ...(test && { test: toDataset(`${name}/test`, classes, [test]) }),
    normalisation: cifar10Normalisation,
  };
}

async function readCifar100(
  path: string,
  files: readonly string[],
  format: CifarFormat,
  name: string,
): Promise<Splits> {
  const { ending, records } = format;
  const classes = (await format.names(path, 'fine_label_names')) ?? numberedClasses(100);
  const coarse = (await format.names(path, 'coarse_label_names')) ?? numberedClasses(20);
  const labels = { coarse_labels: coarse.length, fine_labels: classes.length };
  const train = await records(join(path, `train${ending}`), labels);
  const testFile = `test${ending}`;
  const test = files.includes(testFile) && (await records(join(path, testFile), labels));
  return {
    train: toDataset(`${name}/train`, classes, [train]),
    ...(test && { test: toDataset(`${name}/test`, classes, [test]) }),
    normalisation: cifar100Normalisation,
  };
}

interface Records {
  readonly path: string;
  readonly labels: Uint8Array;
  readonly pixels: Uint8Array;
}

/** Records of one label byte per entry of `labelCounts` (how many values each may take; the last one is kept). */
async function readRecords(path: string, labelCounts: readonly number[]): Promise<Records> {
  const bytes = await readBytes(path);
  const head = labelCounts.length;
  const recordBytes = head + pixelBytes;
  const count = Math.floor(bytes.length / recordBytes);
  if (count === 0 || bytes.length % recordBytes !== 0)
    throw new DataError(
      `${path}: expected whole records of ${recordBytes} bytes, but got ${bytes.length} bytes: ` +
        `${count} records and ${bytes.length % recordBytes} bytes`,
      'the file is cut off or of another format; unpack the archive again',
    );
  const labels = new Uint8Array(count);
  const pixels = new Uint8Array(count * pixelBytes);
  for (let i = 0; i < count; i++) {
    const start = i * recordBytes;
    labelCounts.forEach((limit, position) => {
      const label = bytes[start + position] as number;
      if (label >= limit)
        throw new DataError(
          `${path}: expected label bytes from 0 to ${limit - 1}, but record ${i} has ${label}`,
          'the file is damaged or of another format; unpack the archive again',
        );
    });
    labels[i] = bytes[start + head - 1] as number;
    pixels.set(bytes.subarray(start + head, start + recordBytes), i * pixelBytes);
  }
  return { path, labels, pixels };
}

function toDataset(name: string, classes: readonly string[], parts: readonly Records[]): Dataset {
  const images = { name, classes, channels: 3, height: 32, width: 32 };
  const [first] = parts;
  if (first && parts.length === 1) return memoryDataset({ ...images, pixels: first.pixels, labels: first.labels });
  const labels = new Uint8Array(parts.reduce((sum, part) => sum + part.labels.length, 0));
  const pixels = new Uint8Array(labels.length * pixelBytes);
  let offset = 0;
  for (const part of parts) {
    labels.set(part.labels, offset);
    pixels.set(part.pixels, offset * pixelBytes);
    offset += part.labels.length;
  }
  return memoryDataset({ ...images, pixels, labels });
}
