/** Samples that are image files, one for each: labels are known from the start, images are decoded when they are read. */
import { stat } from 'node:fs/promises';
import { ConfigError, DataError } from '../tensor/index.ts';
import { concurrencyLimit } from './concurrency-limit.ts';
import type { Dataset, Sample } from './dataset.ts';
import { decodeImage } from './decode-image.ts';
import { readingItsFiles } from './file-readers.ts';
import type { ImageSize, Scaling } from './scaling.ts';

/** How image files are read. */
export interface ImageReading extends Scaling {
  /** Height and width in pixels of every image read, default 224. */
  readonly size?: number;
  /** 3: colours. 1: grey. Default 3. */
  readonly channels?: 1 | 3;
}

/** @param where begins messages @throws ConfigError for a size that images cannot have */
export function imageSizeFor(where: string, options: ImageReading): ImageSize {
  const { size: side = 224, channels = 3, resize, interpolation, grey } = options;
  if (!(Number.isInteger(side) && side > 0))
    throw new ConfigError(`${where}: \`size\` must be a positive number of whole pixels, but is ${side}`);
  if (channels !== 1 && channels !== 3)
    throw new ConfigError(`${where}: \`channels\` must be 1 or 3, but is ${channels}`);
  const scaling = { ...(resize && { resize }), ...(interpolation && { interpolation }), ...(grey && { grey }) };
  return { channels, height: side, width: side, ...scaling };
}

/** An entry of each list for each sample. */
export interface FileSamples {
  readonly paths: readonly string[];
  readonly ids: readonly string[];
  readonly labels: readonly number[];
  /** What the data is found again by. */
  readonly source: string;
}

/** Image files with a class each. */
export function fileDataset(
  name: string,
  classes: readonly string[],
  { paths, ids, labels, source }: FileSamples,
  size: ImageSize,
): Dataset {
  return readingItsFiles({
    name,
    classes,
    length: paths.length,
    labels,
    ids,
    sizes: () => Promise.all(paths.map((path) => looking(() => bytesOf(path)))),
    images: { paths, size },
    source,
    async read(index): Promise<Sample> {
      const path = paths[index];
      if (path === undefined) throw new DataError(`${name}: no sample ${index}; there are ${paths.length}`);
      const image = await decodeImage(path, size);
      return { image, label: labels[index] as number };
    },
  });
}

/** Names in composed form, unless another file has that name. */
export function composedNames(files: readonly string[]): string[] {
  const names = new Set(files);
  return files.map((file) => {
    const composed = file.normalize('NFC');
    return names.has(composed) ? file : composed;
  });
}

// few enough open files, however many there are
const looking = concurrencyLimit(64);

const bytesOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => -1,
  );
