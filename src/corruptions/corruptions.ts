/** Skein's own corruptions, and those of them that a person asks for. */
import { Kind } from '../parts/index.ts';
import { ConfigError } from '../tensor/index.ts';
import {
  type Corruption,
  type CorruptionCategory,
  corruptionCategories,
  type Severity,
  severities,
} from './corruption.ts';
import * as list from './list.ts';

export const corruptions = new Kind<Corruption>('corruption', list, {
  hint: `docs/cli.md (skein eval) has all of them, and ${corruptionCategories.join(', ')} and all are several; one of your own can only be used from code: evaluate(checkpoint, { data, corruptions: [ … ] })`,
});

/** In the order of reports: by category, in each the extra ones last, else by name. */
const inOrder = corruptions.parts
  .map((part) => ({ part, made: part.from({}) }))
  .sort((a, b) => rank(a.made) - rank(b.made) || (a.made.name < b.made.name ? -1 : 1))
  .map(({ part }) => part);

function rank({ category, standing }: Corruption): number {
  return 2 * corruptionCategories.indexOf(category) + Number(standing === 'extra');
}

/**
 * Corruptions by their names, by categories, or all; each at each severity, weakest first.
 * @param names `all`, or names and categories with commas between: `fog,noise`
 * @throws ConfigError for a name that there is not, or a severity other than 1 to 5
 */
export function corruptionsOf(names: string, at: readonly number[] = severities, where = 'corruptions'): Corruption[] {
  const wrong = at.find((severity) => !severities.includes(severity as Severity));
  if (wrong !== undefined || at.length === 0)
    throw new ConfigError(
      `${where}: expected severities from ${severities[0]} to ${severities.at(-1)}, but got ${at.length === 0 ? 'none' : wrong}`,
      'such as 1,3,5',
    );
  const words = names.split(',').map((word) => word.trim());
  const chosen = new Set(
    words.flatMap((word) => {
      if (word === 'all') return inOrder;
      if (corruptionCategories.includes(word as CorruptionCategory))
        return inOrder.filter((part) => part.from({}).category === word);
      return [corruptions.find(where, word)];
    }),
  );
  const strengths = [...new Set(at)].sort((a, b) => a - b);
  return inOrder
    .filter((part) => chosen.has(part))
    .flatMap((part) => strengths.map((severity) => part.from({ severity })));
}
