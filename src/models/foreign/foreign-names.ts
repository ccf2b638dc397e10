/** The way back: under which names other tools look for a network's tensors. */
import { type Naming, translator } from './naming.ts';
import { namings } from './namings.ts';

/** A tensor as another tool wants it. */
export interface ForeignName {
  readonly name: string;
  /** Linear weights [O, I] are [O, I, 1, 1] there. */
  readonly as: 'it is' | '1x1 convolution';
}

/** Conventions under which networks are exported, the likeliest first. */
export const writtenNamings = namings.filter(
  (naming): naming is Naming & Required<Pick<Naming, 'writes'>> => naming.writes !== undefined,
);

/** Foreign names by Skein's; undefined where the naming has none for one of them. */
export function foreignNames(naming: Naming, names: Iterable<string>): Map<string, ForeignName> | undefined {
  const { toForeign } = translator(naming);
  const found = new Map<string, ForeignName>();
  for (const name of names) {
    const foreign = toForeign(name);
    if (foreign === undefined) return undefined;
    const [leaf, layer] = name.split('.').reverse();
    const isConvolution = leaf === 'weight' && (naming.convolutions?.includes(layer as string) ?? false);
    found.set(name, { name: foreign, as: isConvolution ? '1x1 convolution' : 'it is' });
  }
  return found;
}
