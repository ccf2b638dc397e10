/** What can be said of options before anything is read or made. */
import { recomputeChoices } from '../autodiff/index.ts';
import { layouts } from '../data/index.ts';
import { precisions } from '../engines/index.ts';
import { mostWorkers } from '../pipeline/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { expectBalance } from './class-balance.ts';
import { expectSearchable } from './rate-search/index.ts';
import { expectTimeBudget } from './time-budget/index.ts';
import { badImageChoices, type TrainOptions } from './train-options.ts';

interface Limits {
  readonly least: number;
  readonly most?: number;
}

/** More threads than any machine has cores only wait for each other. */
const wholes = {
  epochs: { least: 1 },
  maxSteps: { least: 1 },
  seed: { least: 0 },
  accumulate: { least: 1 },
  batchSize: { least: 1 },
  patience: { least: 1 },
  imageSize: { least: 1, most: 4096 },
  threads: { least: 1, most: 1024 },
  workers: { least: 0, most: mostWorkers },
  keep: { least: 0 },
} as const satisfies Record<string, Limits>;

/** @throws ConfigError for a value that is possible for no data, network or machine */
export function expectPossible(options: TrainOptions): void {
  const { cache, validationFraction = 0.1, clipNorm, recompute = 'none', layout } = options;
  const { onBadImage = 'stop', precision = 'float32' } = options;
  expectMade(options);
  expectBalance(options);
  for (const [name, limits] of Object.entries(wholes)) {
    const value = options[name as keyof typeof wholes];
    if (value !== undefined && !(name === 'batchSize' && value === 'auto')) expectWhole(name, value as number, limits);
  }
  if (typeof cache === 'number' && !(cache >= 0 && cache < Number.POSITIVE_INFINITY))
    throw new ConfigError(
      `train: \`cache\` must be a number of bytes, a folder or 'off', but is ${cache}`,
      '4e9 keeps up to 4 GB of decoded images in memory',
    );
  expectTimeBudget(options);
  expectSearchable(options);
  if (!(validationFraction > 0 && validationFraction < 1))
    throw new ConfigError(
      `train: \`validationFraction\` must be between 0 and 1, both excluded, but is ${validationFraction}`,
      '0.1 holds out a tenth of the training images to pick the best epoch',
    );
  expectMinutes(options);
  const { fold } = options;
  if (
    fold &&
    !(
      Number.isSafeInteger(fold.of) &&
      fold.of >= 2 &&
      Number.isSafeInteger(fold.number) &&
      fold.number >= 1 &&
      fold.number <= fold.of
    )
  )
    throw new ConfigError(
      `train: \`fold\` must be one of two folds or more, but is ${fold.number} of ${fold.of}`,
      'the first of five is { number: 1, of: 5 }',
    );
  if (fold && options.validationFraction !== undefined)
    throw new ConfigError(
      'train: `fold` and `validationFraction` both say what is held out for validation',
      'leave one of them out',
    );
  if (options.fineTune && (options.weights ?? 'none') === 'none' && !options.resume)
    throw new ConfigError(
      `train: \`fineTune\` ${options.fineTune.name} goes on from weights, but there are none`,
      'name them (--weights FILE), or leave --fine-tune out to train from random weights',
    );
  if (clipNorm !== undefined && !(clipNorm > 0 && clipNorm < Number.POSITIVE_INFINITY))
    throw new ConfigError(
      `train: \`clipNorm\` must be a number above 0, but is ${clipNorm}`,
      '1 to 5 are usual; leave it out, or --clip-norm none, for no limit',
    );
  if (!recomputeChoices.includes(recompute))
    throw new ConfigError(`train: \`recompute\` must be ${recomputeChoices.join(', ')}, but is ${recompute}`);
  if (layout !== undefined && !layouts.includes(layout))
    throw new ConfigError(`train: \`layout\` must be ${layouts.join(', ')}, but is ${layout}`);
  if (!badImageChoices.includes(onBadImage))
    throw new ConfigError(`train: \`onBadImage\` must be ${badImageChoices.join(' or ')}, but is ${onBadImage}`);
  if (!precisions.includes(precision))
    throw new ConfigError(`train: \`precision\` must be ${precisions.join(' or ')}, but is ${precision}`);
}

function expectMinutes({ saveMinutes }: TrainOptions): void {
  if (saveMinutes !== undefined && !(saveMinutes > 0))
    throw new ConfigError(
      `train: \`saveMinutes\` must be a number above 0, but is ${saveMinutes}`,
      '10 saves every ten minutes within an epoch, 0.5 twice a minute; each epoch is saved at its end all the same',
    );
}

/** @throws ConfigError where a part is given without its options: `flip` for `flip()` */
function expectMade({ augment = [], optimiser, loss, average, lr, fineTune }: TrainOptions): void {
  for (const [key, part] of Object.entries({ augment, optimiser, loss, average, lr, fineTune }))
    for (const item of [part].flat() as unknown[])
      if (typeof item === 'function')
        throw new ConfigError(`train: \`${key}\` holds the function ${item.name}`, `call it: ${item.name}()`);
}

function expectWhole(name: string, value: number, { least, most = Number.MAX_SAFE_INTEGER }: Limits): void {
  if (!(Number.isSafeInteger(value) && value >= least))
    throw new ConfigError(
      `train: \`${name}\` must be a whole number of at least ${least}, but is ${value}`,
      'whole numbers are exact up to 9007199254740991',
    );
  if (value > most)
    throw new ConfigError(
      `train: \`${name}\` must be at most ${most}, but is ${value}`,
      'leave it out for the default',
    );
}
