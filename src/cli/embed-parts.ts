/** Which images `skein embed` is about: the parts of labelled data, or image files of no known class. */
import { relative, sep } from 'node:path';
import { type Dataset, joined, sourceText, unlabelledImages } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';
import { type Classifier, type DataParts, dataParts, type EvaluationSplit } from '../trained/index.ts';
import { givenData, type ReadingFlags } from './data-flags.ts';
import { countedKinds, imageArguments } from './image-arguments.ts';
import { dataForNetwork, networkImages } from './network-data.ts';

interface EmbedDataFlags extends ReadingFlags {
  readonly data: readonly string[];
  readonly split?: EvaluationSplit;
  readonly unlabelled?: boolean;
}

/** The parts, and what a person should know of them. */
export type EmbedParts = DataParts;

/** @throws DataError where there are no such images */
export async function embedParts(
  classifier: Classifier,
  checkpoint: string,
  flags: EmbedDataFlags,
): Promise<EmbedParts> {
  if (flags.unlabelled) return allFiles(classifier, flags.data);
  const source = sourceText(givenData(flags.data));
  const found = await dataForNetwork(classifier, flags.data, flags).catch(orUnlabelled);
  const { parts, notes } = await dataParts(found, source, checkpoint, classifier.checkpoint).catch(orUnlabelled);
  const { split } = flags;
  if (split === undefined) return { parts, notes };
  const present = Object.values(parts) as [Dataset, ...Dataset[]];
  if (split === 'all') return { parts: { all: joined(present, `${found.name}/all`) }, notes };
  const asked = parts[split];
  if (asked) return { parts: { [split]: asked }, notes };
  const names = Object.keys(parts).map((name) => (name === 'all' ? 'one part' : name));
  throw new DataError(
    `${source} has no ${split} split`,
    `it has ${names.join(', ')}; without --split all images are embedded`,
  );
}

async function allFiles(classifier: Classifier, data: readonly string[]): Promise<EmbedParts> {
  const { files, passedOver } = await imageArguments(data);
  const [folder] = data;
  // of several folders only the whole path tells which image it is
  const idOf = (file: string) =>
    data.length === 1 && folder !== file
      ? relative(folder as string, file)
          .split(sep)
          .join('/')
      : file;
  const all = unlabelledImages(sourceText(givenData(data)), files, files.map(idOf), networkImages(classifier));
  const notes = passedOver.size > 0 ? [`not images that are read: ${countedKinds(passedOver)}`] : [];
  return { parts: { all }, notes };
}

/** What is no labelled data may still be a folder of images. */
function orUnlabelled(error: unknown): never {
  if (!(error instanceof DataError)) throw error;
  const hint = '--unlabelled takes all images of a folder, of whatever class';
  throw Object.assign(new DataError(error.message, error.hint === undefined ? hint : `${error.hint}; ${hint}`), {
    stack: error.stack,
  });
}
