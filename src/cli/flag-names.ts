import type { Kind, Named } from '../parts/index.ts';
import { objectives, optimisers, schedules } from '../train/index.ts';

/** Messages of the library name its options; at the command line each has a flag. */
const flags: ReadonlyMap<string, string> = new Map(
  Object.entries({
    epochs: '--epochs',
    findLr: '--find-lr',
    maxMinutes: '--max-minutes',
    fineTune: '--fine-tune',
    folds: '--folds',
    splitFold: '--folds',
    batchSize: '--batch-size',
    ...optionFlags(schedules, optimisers, objectives),
    accumulate: '--accumulate',
    syncBatchNorm: '--sync-batch-norm',
    clipNorm: '--clip-norm',
    classWeights: '--class-weights',
    sampling: '--sampling',
    patience: '--patience',
    freeze: '--freeze',
    loss: '--loss',
    optimiser: '--optimiser',
    schedule: '--schedule',
    warmup: '--warmup-epochs',
    augment: '--augment',
    imageSize: '--image-size',
    size: '--image-size',
    validationFraction: '--val-fraction',
    fraction: '--val-fraction',
    seed: '--seed',
    threads: '--threads',
    cache: '--cache',
    workers: '--workers',
    onBadImage: '--on-bad-image',
    saveMinutes: '--save-minutes',
    keep: '--keep',
    engine: '--engine',
    precision: '--precision',
    mean: '--mean',
    std: '--std',
    resize: '--resize',
    imageColumn: '--image-column',
    labelColumn: '--label-column',
    splitColumn: '--split-column',
    imageFolder: '--image-folder',
    layout: '--layout',
  }),
);

/** The text with the flag after each option: `batchSize` (--batch-size). */
export const withFlagNames = (text: string): string =>
  text.replace(/`(\w+)`(?! \(--)/g, (quoted, name: string) => {
    const flag = flags.get(name);
    return flag === undefined ? quoted : `${quoted} (${flag})`;
  });

/** The text without what a flag is called in code, where that stands behind it: --changed-data (changedData: true). */
export const withoutCodeNames = (text: string): string =>
  text.replace(/(--[a-z-]+(?: [a-z]+)?) \((?:layout: '\w+'|`?[a-z]+[A-Z]\w*`?(?:: \w+)?(?: in code)?)\)/g, '$1');

/** `--weight-decay` of each option that has such a flag. */
function optionFlags(...kinds: readonly Kind<Named>[]): Record<string, string> {
  const options = kinds.flatMap(({ parts }) => parts.flatMap((part) => Object.entries(part.options)));
  return Object.fromEntries(
    options.flatMap(([key, { flag }]) => {
      const [, long] = /(--(?!no-)[a-z-]+)/.exec(flag?.flags.split(', ').at(-1) ?? '') ?? [];
      return long === undefined ? [] : [[key, long]];
    }),
  );
}
