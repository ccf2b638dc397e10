/** A run's recipe as rows of a table: a label and its text. */
import { nameOfSet } from './augmentation-sets.ts';
import { currentRecipe } from './config.ts';
import { trainsOnFeatures } from './phase-at.ts';
import type { Settings } from './settings.ts';

/**
 * [['optimiser', 'sgd: momentum 0.9, weight decay 0.0001'], ['schedule', 'cosine: lr 0.1'], …]
 * @param settings.phases of the run; where all are on features, no augmentation takes part
 */
export function recipeRows(
  recipe: Readonly<Record<string, unknown>>,
  { phases = [] }: Partial<Pick<Settings, 'phases'>> = {},
): [label: string, text: string][] {
  const { model, optimiser, schedule, augment, loss, average, clipNorm, freeze, fineTune, accumulate, onBadImage } =
    currentRecipe(recipe);
  const { classWeights, sampling, patience, fold } = recipe;
  const { maxMinutes, maxSteps, syncBatchNorm } = recipe;
  const augmentations = Array.isArray(augment) ? augment : [];
  const set = nameOfSet(augmentations);
  return [
    ['network', textOf(model)],
    ['optimiser', textOf(optimiser)],
    ['schedule', textOf(schedule)],
    [
      'augmentation',
      phases.length > 0 && trainsOnFeatures({ phases })
        ? 'none: the head alone trains, on features that are computed once'
        : `${set === undefined ? '' : `${set}: `}${augmentations.map(textOf).join('; ') || 'none'}`,
    ],
    ['loss', textOf(loss)],
    ...(classWeights ? [['class weights', weightsText(classWeights)] as [string, string]] : []),
    ...(sampling ? [['sampling', `${sampling}: each class equally often`] as [string, string]] : []),
    ...(fold ? [['fold', foldText(fold)] as [string, string]] : []),
    ...(patience ? [['patience', patience === 1 ? '1 epoch' : `${patience} epochs`] as [string, string]] : []),
    ...(average ? [['average', textOf(average)] as [string, string]] : []),
    ...(clipNorm ? [['gradient clipping', `norm ${clipNorm}`] as [string, string]] : []),
    ...(Array.isArray(freeze) ? [['frozen layers', freeze.join(', ')] as [string, string]] : []),
    ...(fineTune ? [['fine-tuning', textOf(fineTune)] as [string, string]] : []),
    ...(maxMinutes ? [['time', timeText(maxMinutes, maxSteps)] as [string, string]] : []),
    ...(onBadImage === 'skip' ? [['images that cannot be read', 'passed over'] as [string, string]] : []),
    ...(accumulate ? [['accumulated batches', String(accumulate)] as [string, string]] : []),
    ...(syncBatchNorm ? [['batch norm', 'by the statistics of all ranks’ images'] as [string, string]] : []),
  ];
}

/** balanced; or the weights of classes, but for those that are 1 */
function weightsText(classWeights: unknown): string {
  if (typeof classWeights === 'string') return classWeights;
  const entries = Object.entries(classWeights as Readonly<Record<string, number>>);
  const shown = entries.slice(0, 8).map(([name, weight]) => `${name} ${weight}`);
  return [...shown, ...(entries.length > shown.length ? [`and ${entries.length - shown.length} more`] : [])].join(', ');
}

/** 2 of 5 */
const foldText = (fold: unknown) => Object.values(fold as Readonly<Record<string, number>>).join(' of ');

function timeText(minutes: unknown, steps: unknown): string {
  return `at most ${minutes === 1 ? '1 minute' : `${minutes} minutes`}${steps === undefined ? '' : `, which are ${steps} steps`}`;
}

/** What has a name and options, in words. */
function textOf(item: unknown): string {
  const { name, ...options } = item as Record<string, unknown>;
  const words = Object.entries(options).flatMap(([key, value]) => {
    const word = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    // nothing of something needs no words
    if (value === false || value === null || value === 0) return [];
    if (value === true) return [word];
    return [`${word} ${typeof value === 'object' ? JSON.stringify(value) : value}`];
  });
  return [name, words.join(', ')].filter((part) => part !== '').join(': ');
}
