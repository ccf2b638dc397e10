/** Datasets that are known by name: where they are looked for, how they are read, how to get them. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataError } from '../tensor/index.ts';
import { readCifarFolder } from './cifar.ts';
import type { Splits } from './dataset.ts';
import { kindOf } from './folder-listing.ts';
import { readIdxFolder } from './idx.ts';
import { fashionMnistNormalisation } from './normalisation.ts';

interface NamedDataset {
  /** Folders to look in, the first that exists is taken; undefined entries are skipped. */
  folders(): (string | undefined)[];
  read(folder: string): Promise<Splits>;
  readonly howToGet: string;
}

/** Zalando's class names, https://github.com/zalandoresearch/fashion-mnist. */
const fashionMnistClasses = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

// seen from src/data and from dist/data alike
const shippedSample = fileURLToPath(new URL('../../data/fashion-mnist', import.meta.url));

const inDataFolder = (folder: string) => [
  process.env.SKEIN_DATA && join(process.env.SKEIN_DATA, folder),
  join('data', folder),
];

const fashionMnist = (name: string) => (folder: string) =>
  readIdxFolder(folder, { name, classes: fashionMnistClasses, normalisation: fashionMnistNormalisation });

const named: Readonly<Record<string, NamedDataset>> = {
  'fashion-mnist-sample': {
    folders: () => [shippedSample],
    read: fashionMnist('fashion-mnist-sample'),
    howToGet: 'it ships with the package; reinstall it',
  },
  'fashion-mnist': {
    folders: () =>
      process.env.FASHION_MNIST
        ? [process.env.FASHION_MNIST]
        : [...inDataFolder('fashion-mnist'), '/usr/share/datasets/fashion-mnist']
            // in the package's own folder, ./data/fashion-mnist is the sample and must not pass for the whole
            .filter((folder) => folder && resolve(folder) !== resolve(shippedSample)),
    read: fashionMnist('fashion-mnist'),
    howToGet:
      'install Debian’s package dataset-fashion-mnist, or put the four files of github.com/zalandoresearch/fashion-mnist ' +
      'into a folder and name it in FASHION_MNIST; fashion-mnist-sample is a tenth of it and ships with the package',
  },
  cifar10: {
    folders: () => [...inDataFolder('cifar-10-batches-bin'), ...inDataFolder('cifar-10-batches-py')],
    read: (folder) => readCifarFolder(folder, { name: 'cifar10' }),
    howToGet:
      'unpack https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz, or the one for Python, in ./data, or in a folder that SKEIN_DATA names',
  },
  cifar100: {
    folders: () => [...inDataFolder('cifar-100-binary'), ...inDataFolder('cifar-100-python')],
    read: (folder) => readCifarFolder(folder, { name: 'cifar100' }),
    howToGet:
      'unpack https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz, or the one for Python, in ./data, or in a folder that SKEIN_DATA names',
  },
};

/** The names that `loadData` knows. */
export const datasetNames: readonly string[] = Object.keys(named);

/** @throws DataError with where it was looked for and how to get it */
export async function loadNamed(name: string): Promise<Splits> {
  const dataset = named[name] as NamedDataset;
  const folders = dataset.folders().filter((folder) => folder !== undefined && folder !== '') as string[];
  for (const folder of folders) if ((await kindOf(folder)) === 'folder') return dataset.read(folder);
  throw new DataError(
    `dataset \`${name}\` was not found; looked in ${folders.map((folder) => resolve(folder)).join(', ')}`,
    dataset.howToGet,
  );
}
