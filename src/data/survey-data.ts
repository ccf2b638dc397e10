import { DataError } from '../tensor/index.ts';
import { countClasses } from './count-classes.ts';
import type { DataProblem } from './data-problem.ts';
import type { DataSource } from './data-source.ts';
import type { Dataset } from './dataset.ts';
import type { PartName } from './folder-layout.ts';
import { labelsOf } from './labels-of.ts';
import { type DataReading, findData } from './load-data.ts';
import { openImages } from './open-images.ts';
import { type FileContent, sameImages } from './same-images.ts';
import { type DataSurvey, ImageFactsCollector, type SplitSurvey } from './survey.ts';
import type { tableOptions } from './table-columns.ts';

/** Options of `surveyData`. */
export interface SurveyOptions extends Pick<DataReading, 'layout' | (typeof tableOptions)[number]> {
  /** Height and width of the survey's samples, where images have to be scaled; default 96. */
  readonly tile?: number;
  /** Hears how many images have been opened. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A class with this many times the images of another deserves a word. */
const notable = 10;

/**
 * Looks at a dataset without training on it: splits, classes, sizes, and everything that is wrong, not only the first thing. Of an image
 * folder or table every file is opened. What is an error here keeps training away, and nothing else does.
 * @param source as for `loadData`
 * @throws DataError where there is no dataset, or a file of many images is damaged
 */
export async function surveyData(source: DataSource, options: SurveyOptions = {}): Promise<DataSurvey> {
  const { tile = 96, onProgress, ...reading } = options;
  const { name, classes, parts, files, normalisation, problems } = await findData(source, {
    ...reading,
    size: tile,
  });
  const total = Object.values(parts).reduce((sum, dataset) => sum + dataset.length, 0);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (total === 0 && errors.length > 0)
    throw new DataError(errors.map(({ message }) => message).join('; '), errors[0]?.hint);
  let done = 0;
  const splits: SplitSurvey[] = [];
  const unreadable: DataProblem[] = [];
  const contents: FileContent[] = [];
  for (const [part, dataset] of Object.entries(parts)) {
    const paths = files?.[part as PartName];
    const name = part === 'all' ? 'train' : (part as SplitSurvey['name']);
    const opened = paths && (await openImages(paths, unreadable, () => onProgress?.(++done, total)));
    const images = opened ? opened.facts : await factsOfRecords(dataset);
    if (paths && opened) {
      const labels = await labelsOf(dataset);
      for (const [i, digest] of opened.digests.entries())
        if (digest !== undefined)
          contents.push({ path: paths[i] as string, split: name, label: classes[labels[i] as number] ?? '', digest });
    }
    const counts = await countClasses(dataset);
    splits.push({
      name,
      dataset,
      counts,
      ...(images && { images }),
    });
  }
  const survey = {
    name,
    classes,
    splits,
    normalisation,
    problems: [...problems, ...unreadable, ...sameImages(contents)],
  };
  return { ...survey, problems: [...survey.problems, ...imbalance(survey)] };
}

/** A file of many images has one size. */
async function factsOfRecords(dataset: Dataset) {
  const collector = new ImageFactsCollector();
  collector.add((await dataset.read(0)).image, dataset.length);
  return collector.facts();
}

function imbalance({ classes, splits }: DataSurvey): DataProblem[] {
  const train = splits.find(({ name }) => name === 'train');
  const present = [...(train?.counts ?? []).entries()].filter(([, count]) => count > 0);
  if (present.length < 2) return [];
  const [most, least] = [Math.max, Math.min].map((of) => {
    const count = of(...present.map(([, n]) => n));
    return { count, name: classes[present.find(([, n]) => n === count)?.[0] ?? 0] };
  }) as [{ count: number; name: string }, { count: number; name: string }];
  if (most.count < notable * least.count) return [];
  const times = Math.floor(most.count / least.count);
  return [
    {
      severity: 'warning',
      kind: 'imbalance',
      message:
        `train: \`${most.name}\` has ${times} times as many images as \`${least.name}\` ` +
        `(${most.count} and ${least.count}): accuracy says little about the rare class`,
    },
  ];
}
