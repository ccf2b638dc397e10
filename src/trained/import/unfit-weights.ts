/** What to do about weights that do not fit a network. */
import { foreignNames, type Naming } from '../../models/index.ts';

/** What is wrong, by the names of Skein. */
export interface Misfit {
  readonly matched: number;
  readonly missing: readonly string[];
  readonly different: readonly string[];
  /** Whether the user named the network. */
  readonly isGiven: boolean;
}

/** The next step. */
export function misfitHint({ matched, missing, different, isGiven }: Misfit): string {
  const wrong = [...missing, ...different];
  if (wrong.length === 0)
    return 'if the network is right and these belong to something else, --allow-unused leaves them out; nothing was written';
  if (wrong.every((name) => name.startsWith('classifier.')))
    return different.length > 0
      ? 'weight and bias of the classifier are of different networks: save them again from one; nothing was written'
      : 'the classifier is missing: save the weights of the whole network, with the layer that gives the classes; nothing was written';
  if (isGiven && wrong.length > matched / 10)
    return 'give the network that was trained as --model, or leave --model out to have it told from the weights; nothing was written';
  return (
    (different.length === 0
      ? 'the file lacks a part of the network: save all of its weights again'
      : 'save the weights again from the network that was trained') +
    ', or where it is a variant, give a module that builds it: --model ./net.mjs; nothing was written'
  );
}

/** Skein's names as the file would have them, with what the file puts in front of all; Skein's own where the naming has none. */
export function asInFile(
  names: readonly string[],
  naming: Naming,
  layers: ReadonlyMap<string, string>,
): readonly string[] {
  const bare = (name: string) => foreignNames(naming, [name])?.get(name)?.name;
  const prefix = prefixOf(layers, bare);
  return names.map((name) => {
    const foreign = bare(name);
    return foreign === undefined ? name : `${prefix}${foreign}`;
  });
}

function prefixOf(layers: ReadonlyMap<string, string>, bare: (name: string) => string | undefined): string {
  for (const [name, inFile] of layers) {
    const foreign = bare(name);
    if (foreign !== undefined && inFile.endsWith(foreign)) return inFile.slice(0, -foreign.length);
  }
  return '';
}
