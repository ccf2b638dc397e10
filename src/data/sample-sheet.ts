/** Samples of every class on one picture: a row for each class. */
import { ConfigError, DataError, Random } from '../tensor/index.ts';
import { contactSheet, type SampleSheet } from './contact-sheet.ts';
import type { Dataset, Image } from './dataset.ts';
import { labelsOf } from './labels-of.ts';

/** Options of `sampleSheet`. */
export interface SampleSheetOptions {
  /** Samples of each class; default 10. */
  readonly samples?: number;
  /** Which samples; default 0. */
  readonly seed?: number;
}

/**
 * A PNG with `samples` samples of every class, small images enlarged by a whole factor so that pixels stay square. Samples that
 * cannot be read are passed over.
 * @throws ConfigError where `samples` is not a whole number of at least 1, or the sheet would be too large
 */
export async function sampleSheet(dataset: Dataset, options: SampleSheetOptions = {}): Promise<SampleSheet> {
  const { samples = 10, seed = 0 } = options;
  if (!(Number.isSafeInteger(samples) && samples >= 1))
    throw new ConfigError(
      `sampleSheet: \`samples\` must be a whole number of at least 1, but is ${samples}`,
      'leave it out for 10',
    );
  const chosen = await chosenSamples(dataset, samples, seed);
  const rows = dataset.classes.map((label, i) => ({
    label,
    pictures: (chosen[i] as readonly ChosenSample[]).map(({ image }) => ({ image })),
  }));
  // as wide as what there is
  const longest = rows.reduce((most, { pictures }) => Math.max(most, pictures.length), 1);
  return contactSheet(rows, { across: longest });
}

/** A sample that can be read. */
export interface ChosenSample {
  readonly index: number;
  readonly image: Image;
}

/** Up to `count` samples of each class, drawn by `seed`; those that cannot be read are passed over. */
export async function chosenSamples(dataset: Dataset, count: number, seed: number): Promise<ChosenSample[][]> {
  const members: number[][] = dataset.classes.map(() => []);
  const labels = await labelsOf(dataset);
  for (let index = 0; index < dataset.length; index++) members[labels[index] as number]?.push(index);
  const random = new Random(seed).fork('sheet');
  return Promise.all(
    members.map(async (indices, label) => {
      const chosen: ChosenSample[] = [];
      for (const index of random.fork(label).shuffle(Uint32Array.from(indices))) {
        if (chosen.length === count) break;
        const image = await readable(dataset, index);
        if (image) chosen.push({ index, image });
      }
      return chosen;
    }),
  );
}

async function readable(dataset: Dataset, index: number): Promise<Image | undefined> {
  try {
    return (await dataset.read(index)).image;
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}
