/** The flags of `skein eval` that have images corrupted. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Corruption, corruptionsOf } from '../corruptions/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { UsageMistake } from './failure.ts';
import { positiveValue, wholeValue } from './flag-values.ts';

export interface CorruptionFlags {
  /** True where no names are given: all. */
  readonly corruptions?: string | true;
  readonly severities?: readonly number[];
  readonly limit?: number;
}

export const addCorruptionFlags = (command: Command): Command =>
  command
    .option(
      '--corruptions [names]',
      'measure the same images again under corruptions: names such as fog,snow, or noise, blur, weather, digital (all 19)',
    )
    .option('--severities <list>', 'how strong they are, from 1 to 5 (1,2,3,4,5)', severitiesValue)
    .option('--limit <n>', 'only so many images, evenly spread over the data', positiveValue);

/** 1,3,5 */
const severitiesValue = (word: string): number[] =>
  word.split(',').map((part) => {
    const severity = wholeValue(part.trim());
    if (severity < 1 || severity > 5) throw new InvalidArgumentError('A severity is 1, 2, 3, 4 or 5.');
    return severity;
  });

/**
 * What is asked for; undefined where nothing is.
 * @throws ConfigError for a name that there is not; UsageMistake for severities of nothing
 */
export function corruptionsAsked({ corruptions, severities }: CorruptionFlags): Corruption[] | undefined {
  if (corruptions === undefined && severities !== undefined)
    throw new UsageMistake(
      new ConfigError(
        '--severities: expected --corruptions too, but got none',
        'name corruptions, or give --corruptions alone for all 19',
      ),
    );
  if (corruptions === undefined) return undefined;
  return corruptionsOf(corruptions === true ? 'all' : corruptions, severities, '--corruptions');
}
