import type { ReportFacts } from './report-data.ts';

/** What was done to training images; undefined where nothing was. */
export function augmentationText({ recipe }: Pick<ReportFacts, 'recipe'>): string | undefined {
  const text = recipe.find(([label]) => label === 'augmentation')?.[1] ?? 'none';
  return text === 'none' || text.startsWith('none:') ? undefined : text;
}
