/** Samples that a dataset's `read` gives, augmented and normalised here. */
import {
  type Augmentation,
  augmented,
  type Dataset,
  describeImage,
  firstReadable,
  type Image,
  isSized,
  normalisationTables,
  normalise,
  type Sample,
  whatResizes,
} from '../data/index.ts';
import { DataError, formatShape, type Random } from '../tensor/index.ts';
import type { BatchArrays, FailedRow, Filler, Row } from './batch.ts';
import type { BatchSource } from './batch-builder.ts';
import { expectLabel, sharesOf } from './sample-labels.ts';
import { epochStream, sampleStream } from './streams.ts';

export async function memoryFiller(source: BatchSource): Promise<Filler> {
  const { dataset, order, augment = [], seed = 0, epoch = 0, draws = 'each', onBadImage = 'stop' } = source;
  const ofEpoch = epochStream(seed, epoch);
  const streamFor = (row: Omit<Row, 'row'>): Random => sampleStream(ofEpoch, row);
  const augmentedAs = (sample: Sample, row: Omit<Row, 'row'>): Sample =>
    augment.length === 0 ? sample : augmented(augment, sample, streamFor(row), { draws });

  const first = source.image
    ? { image: source.image }
    : await firstReadable(dataset, onBadImage === 'stop' ? 'stop' : 'skip', order);
  const image = 'image' in first ? first.image : augmentedAs(first.sample, { index: first.index, repeat: 0 }).image;
  const size = image.channels * image.height * image.width;
  const tables = normalisationTables(source.normalisation, image.channels);
  const wanted = `${formatShape([image.channels, image.height, image.width])}${'index' in first ? ` as sample ${first.index}` : ''}`;

  const place = (arrays: BatchArrays, row: Row, read: Sample): void => {
    const sample = augmentedAs(read, row);
    if (!isSized(sample.image, image))
      throw otherSize(dataset, augment, row.index, read, sample.image, image, wanted, streamFor(row));
    expectLabel(dataset, row.index, sample.label);
    arrays.labels[row.row] = sample.label;
    arrays.targets?.set(sharesOf(dataset, row.index, sample), row.row * dataset.classes.length);
    normalise(sample.image.pixels, tables, arrays.images, row.row * size);
  };

  return {
    image,
    room: (length) => new Float32Array(length),
    async fill(arrays, rows) {
      const failed: FailedRow[] = [];
      const passOver = ({ row }: Row, error: unknown): undefined => {
        if (onBadImage === 'stop' || !(error instanceof DataError)) throw error;
        failed.push({ row, message: error.message, hint: error.hint });
      };
      const readOf = (row: Row): Sample | undefined | Promise<Sample | undefined> => {
        try {
          const read = dataset.read(row.index);
          return 'then' in read ? read.catch((error: unknown) => passOver(row, error)) : read;
        } catch (error) {
          return passOver(row, error);
        }
      };
      const reads = rows.flatMap((row): Promise<void>[] => {
        const read = readOf(row);
        if (read === undefined) return [];
        if ('then' in read) return [read.then((sample) => sample && place(arrays, row, sample))];
        place(arrays, row, read);
        return [];
      });
      // no read goes on behind an error's back
      for (const result of await Promise.allSettled(reads)) if (result.status === 'rejected') throw result.reason;
      return failed;
    },
  };
}

function otherSize(
  { name }: Dataset,
  augment: readonly Augmentation[],
  index: number,
  read: Sample,
  found: Image,
  image: Omit<Image, 'pixels'>,
  wanted: string,
  random: Random,
): DataError {
  const cause = isSized(read.image, image) ? whatResizes(augment, read, random) : undefined;
  return new DataError(
    `batches: expected all samples to be ${wanted}, but sample ${index} is ` +
      `${describeImage(found)} (dataset \`${name}\`)${cause === undefined ? '' : `: ${cause}`}`,
    cause === undefined
      ? 'resize images to one size when they are read; imageFolder does so with `size`'
      : 'let the augmentation always crop or scale to the size that it was given',
  );
}
