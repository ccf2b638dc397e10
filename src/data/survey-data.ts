import type { Dataset, Splits } from './dataset.ts';
import { kindOf } from './folder-listing.ts';
import { folderFormat, loadData } from './load-data.ts';
import { datasetNames } from './named-datasets.ts';
import { countClasses, type DataProblem, type DataSurvey, ImageFactsCollector, type SplitSurvey } from './survey.ts';
import { type SurveyOptions, surveyImageFolder } from './survey-image-folder.ts';

/** A class with this many times the images of another deserves a word. */
const notable = 10;

/**
 * Looks at a dataset without training on it: splits, classes, sizes, and everything that is wrong, not only the first thing. Of an image
 * folder every file is opened.
 * @param nameOrPath as for `loadData`
 * @throws DataError where there is no dataset, or a file of many images is damaged
 */
export async function surveyData(nameOrPath: string, options: SurveyOptions = {}): Promise<DataSurvey> {
  const survey = (await isImageFolder(nameOrPath))
    ? await surveyImageFolder(nameOrPath, options)
    : await surveySplits(await loadData(nameOrPath));
  return { ...survey, problems: [...survey.problems, ...imbalance(survey)] };
}

async function isImageFolder(nameOrPath: string): Promise<boolean> {
  if (datasetNames.includes(nameOrPath) || (await kindOf(nameOrPath)) !== 'folder') return false;
  return (await folderFormat(nameOrPath)) === 'images';
}

async function surveySplits({ train, validation, test, normalisation }: Splits): Promise<DataSurvey> {
  const splits: SplitSurvey[] = [];
  const problems: DataProblem[] = [];
  for (const [name, dataset] of Object.entries({ train, validation, test })) {
    if (dataset === undefined) continue;
    const split = await surveyDataset(name as SplitSurvey['name'], dataset);
    splits.push(split);
    const empty = dataset.classes.filter((_, label) => split.counts[label] === 0);
    if (empty.length > 0)
      problems.push({
        severity: name === 'train' ? 'error' : 'warning',
        kind: 'empty class',
        message: `${dataset.name}: there is no image of ${empty.map((missing) => `\`${missing}\``).join(', ')}`,
      });
  }
  return { name: train.name.replace(/\/train$/, ''), classes: train.classes, splits, normalisation, problems };
}

async function surveyDataset(name: SplitSurvey['name'], dataset: Dataset): Promise<SplitSurvey> {
  const counts = await countClasses(dataset);
  const collector = new ImageFactsCollector();
  // a file of many images has one size
  collector.add((await dataset.read(0)).image, dataset.length);
  const images = collector.facts();
  return { name, dataset, counts, ...(images && { images }) };
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
