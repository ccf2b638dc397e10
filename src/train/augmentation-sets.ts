/** Augmentations as people write them: a list, the name of a set, or sets within a list. */
import { type AugmentationSet, augmentationSets } from '../augmentations/index.ts';
import type { Augmentation, Dataset } from '../data/index.ts';
import { canonicalJson } from '../files/index.ts';
import { ConfigError, nearestName } from '../tensor/index.ts';
import { augmentations } from './kinds.ts';

const setCalled = (name: string): AugmentationSet | undefined =>
  augmentationSets.find((set) => set.name === name.trim().toLowerCase());

/** From text, `standard` or `crop:pad=4,flip`, or from what files hold. @throws ConfigError */
export function readAugmentations(where: string, recorded: string | readonly unknown[]): Augmentation[] {
  if (typeof recorded !== 'string') return augmentations.readList(where, recorded);
  if (recorded.trim() === '')
    throw new ConfigError(
      `${where}: expected augmentations, but got none`,
      '`none` says so; `standard` is the usual set',
    );
  const found: Augmentation[] = [];
  let others: string[] = [];
  const readOthers = () => {
    if (others.length > 0) found.push(...listed(where, others.join(',')));
    others = [];
  };
  for (const word of recorded.split(',')) {
    const set = setCalled(word);
    if (!set) others.push(word);
    else {
      readOthers();
      found.push(...set.list);
    }
  }
  readOthers();
  return found;
}

function listed(where: string, text: string): Augmentation[] {
  try {
    return augmentations.parseList(where, text);
  } catch (error) {
    const names = augmentationSets.map(({ name }) => name);
    // what means the opposite is only suggested to who nearly wrote it
    const suggested = names.filter((name) => name !== 'none' || text.trim().startsWith('non'));
    const nearest = nearestName(text.trim(), suggested);
    if (nearest === undefined) throw error;
    throw new ConfigError(
      `${where}: there is no set of augmentations \`${text.trim()}\`; did you mean ${nearest}?`,
      `sets are ${names.join(', ')}; docs/parts.md has the augmentations themselves`,
    );
  }
}

/** Of a run that names none: images from files are photographs mostly, and few; what is in memory stays as it is. */
export const usualAugmentations = ({ images }: Dataset): readonly Augmentation[] =>
  images === undefined ? [] : readAugmentations('train', 'standard');

/** The name of the set that this recorded list is; undefined for any other. */
export function nameOfSet(recorded: readonly unknown[]): string | undefined {
  const text = canonicalJson(recorded);
  return augmentationSets.find(
    ({ list }) => list.length > 0 && canonicalJson(list.map(({ name, options }) => ({ name, ...options }))) === text,
  )?.name;
}

/** @throws ConfigError where a batch would be mixed twice */
export function expectOneMix(augment: readonly Augmentation[]): void {
  const mixing = augment.filter(({ mix }) => mix).map(({ name }) => `\`${name}\``);
  if (mixing.length > 1)
    throw new ConfigError(
      `train: expected at most one augmentation that mixes images, but \`augment\` has ${mixing.join(' and ')}`,
      'mix() (--augment mix) mixes each batch in one of two ways, by lot; `strong` has it already',
    );
}
