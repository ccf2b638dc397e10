/** Samples that are image files, from the file to a row of a batch: plain data in, so that any thread can do it. */
import {
  type Augmentation,
  augmented,
  cropAt,
  type Draws,
  decodeImage,
  decodeStored,
  describeImage,
  givePixelsBack,
  type Image,
  type ImageSize,
  isSized,
  leastSide,
  type Normalisation,
  normalisationTables,
  normalise,
  type Pixels,
  resample,
  type Sample,
  streamOf,
} from '../data/index.ts';
import { reasonOf } from '../files/index.ts';
import { DataError, formatShape, type Random } from '../tensor/index.ts';
import type { FailedRow } from './batch.ts';
import { type KeptPictures, keptPicture } from './kept-pictures.ts';
import { epochStream, sampleStream } from './streams.ts';

/** What is done to the files of an epoch. */
export interface Treatment {
  /** What becomes of a file where no augmentation cuts from it. */
  readonly size: ImageSize;
  readonly normalisation: Normalisation;
  readonly seed: number;
  readonly epoch: number;
  readonly draws: Draws;
}

/** One sample of a batch. */
export interface FileRow {
  /** In the batch. */
  readonly row: number;
  /** In the dataset. */
  readonly index: number;
  readonly label: number;
  /** How often the sample came before in this epoch. */
  readonly repeat: number;
  readonly path: string;
  /** Its picture, where it is in memory. */
  readonly decoded?: Pixels | undefined;
  /** The digest of the file, where it is known. */
  readonly content?: string | undefined;
}

/** What is to be done. */
export interface FileJob {
  readonly treatment: Treatment;
  readonly rows: readonly FileRow[];
  /** Whether decoded pictures are wanted back. */
  readonly isKept: boolean;
  /** Where they are kept on disk, if they are. */
  readonly kept?: KeptPictures | undefined;
}

/** What came of it, besides the rows themselves. */
export interface FileJobResult {
  readonly failed: readonly FailedRow[];
  /** In shared memory. */
  readonly decoded: readonly { readonly path: string; readonly picture: Pixels }[];
  /** Digests of files that were not known. */
  readonly contents: readonly { readonly path: string; readonly content: string }[];
  /** Why a picture could not be kept on disk. */
  readonly keepingProblem?: string;
}

/** How far a row has come, for those who watch. */
export const rowStates = { waiting: 0, underWay: 1, done: 2 } as const;

/** More than one, so that a file is decoded while another is augmented. */
const atOnce = 4;

/**
 * Fills rows of `images`, [batchSize, channels, height, width].
 * @param states one for each row of the job, set to one of `rowStates`
 */
export async function runFileJob(
  { treatment, rows, isKept, kept }: FileJob,
  augment: readonly Augmentation[],
  images: Float32Array,
  states?: Int32Array,
): Promise<FileJobResult> {
  const { size, normalisation, seed, epoch, draws } = treatment;
  const tables = normalisationTables(normalisation, size.channels);
  const length = size.channels * size.height * size.width;
  const ofEpoch = epochStream(seed, epoch);
  const failed: FailedRow[] = [];
  const decoded: { path: string; picture: Pixels }[] = [];
  const contents: { path: string; content: string }[] = [];
  let keepingProblem: string | undefined;

  const prepared = async ({ path, content }: FileRow): Promise<Pixels> => {
    if (!kept) return pictureOf(path, size, augment);
    const mayWrite = kept.mayWrite && keepingProblem === undefined;
    const found = await keptPicture(path, { ...kept, mayWrite }, content, (bytes) =>
      pictureOf(bytes, size, augment).catch((error: unknown) => {
        // what is said of bytes does not name the file
        throw error instanceof DataError
          ? new DataError(error.message.replace(/^image:/, `${path}:`), error.hint)
          : error;
      }),
    );
    if (found.content !== content) contents.push({ path, content: found.content });
    if (found.problem !== undefined) keepingProblem ??= reasonOf(found.problem);
    return found.picture;
  };

  const passOver = ({ row }: FileRow, error: unknown): undefined => {
    if (!(error instanceof DataError)) throw error;
    failed.push({ row, message: error.message, hint: error.hint });
  };

  const fill = async (row: FileRow): Promise<void> => {
    const random = sampleStream(ofEpoch, row);
    const picture = row.decoded ?? (await prepared(row).catch((error: unknown) => passOver(row, error)));
    if (!picture) return;
    if (!row.decoded && isKept) decoded.push({ path: row.path, picture: shared(picture) });
    const { image, from } = cut(picture, size, augment, random, draws);
    const sample: Sample = { image, label: row.label };
    const result = augmented(augment, sample, random, { draws, from });
    if (!isSized(result.image, size))
      throw new DataError(
        `${row.path}: expected ${formatShape([size.channels, size.height, size.width])} after augmentation, but it is ${describeImage(result.image)}`,
        'let the augmentation always crop or scale to the size that it was given',
      );
    normalise(result.image.pixels, tables, images, row.row * length);
  };

  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < rows.length; at = next++) {
      const row = rows[at] as FileRow;
      if (states) states[at] = rowStates.underWay;
      await fill(row);
      if (states) states[at] = rowStates.done;
    }
  };
  // nothing goes on behind an error's back: the batch's memory may be used again
  for (const ended of await Promise.allSettled(Array.from({ length: atOnce }, work)))
    if (ended.status === 'rejected') throw ended.reason;
  return { failed, decoded, contents, ...(keepingProblem !== undefined && { keepingProblem }) };
}

/** What augmentation begins with: the sample as it is read, or the picture that the first one cuts a box from. */
const pictureOf = (file: string | Uint8Array, size: ImageSize, augment: readonly Augmentation[]): Promise<Pixels> =>
  cropAt(augment) === undefined ? decodeImage(file, size) : decodeStored(file, { ...size, least: leastSide(size) });

/** What `runFileJob` decodes files to, as text. */
export const decodingOf = (size: ImageSize, augment: readonly Augmentation[]): string =>
  JSON.stringify(
    cropAt(augment) === undefined ? ['sample', size] : ['picture', size.channels, size.grey, leastSide(size)],
  );

/** The sample that is cut from a picture, and which augmentation comes next. */
function cut(
  picture: Pixels,
  size: ImageSize,
  augment: readonly Augmentation[],
  random: Random,
  draws: Draws,
): { image: Image; from: number } {
  const at = cropAt(augment);
  const { crop } = augment[at ?? 0] ?? {};
  if (at === undefined || !crop) return { image: picture, from: 0 };
  const box = crop.box(picture, size, streamOf(augment, at, random, draws));
  const image = resample(picture, box, size, crop.interpolation);
  givePixelsBack(picture.pixels);
  return { image, from: at + 1 };
}

function shared(picture: Pixels): Pixels {
  const pixels = new Uint8Array(new SharedArrayBuffer(picture.pixels.length));
  pixels.set(picture.pixels);
  return { ...picture, pixels };
}
