/** Images of a batch, corrupted and normalised: plain data in, so that any thread can do it. */
import type { Corruption } from '../corruptions/index.ts';
import { type Image, type Normalisation, normalisationTables, normalise } from '../data/index.ts';
import { Random } from '../tensor/index.ts';

/** What is corrupted. */
export interface CorruptionJob {
  /** [count, channels, height, width] */
  readonly levels: Uint8Array;
  readonly image: Omit<Image, 'pixels'>;
  /** What each image is called in its data. */
  readonly ids: readonly string[];
  readonly normalisation: Normalisation;
  readonly seed: number;
}

/** What a corruption of an image draws from: named after all that it may depend on, so that it makes no difference who is corrupted first. */
export const corruptionStream = (seed: number, { name, options }: Corruption, id: string): Random =>
  new Random(seed).fork('corruption').fork(name).fork(options.severity).fork(id);

/** Fills the first rows of `images`, [batchSize, channels, height, width]. */
export async function runCorruptionJob(
  job: CorruptionJob,
  corruption: Corruption,
  images: Float32Array,
): Promise<void> {
  const { levels, image, ids, normalisation, seed } = job;
  const tables = normalisationTables(normalisation, image.channels);
  const length = image.channels * image.height * image.width;
  for (const [row, id] of ids.entries()) {
    const clean: Image = { ...image, pixels: levels.subarray(row * length, (row + 1) * length) };
    const corrupted = corruption.apply(clean, corruptionStream(seed, corruption, id));
    const { pixels } = 'then' in corrupted ? await corrupted : corrupted;
    normalise(pixels, tables, images, row * length);
  }
}
