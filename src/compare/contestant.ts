/** The networks of a comparison, as another process can find them again: by a name with options, a module, or a record. */
import { models } from '../models/index.ts';
import type { Network } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { isModulePath, networkOf } from '../train/index.ts';

/** A network that takes part. */
export interface Contestant {
  /** What results call it; no two have the same. */
  readonly name: string;
  readonly network: Network;
  /** The word that it was asked for by; undefined where code made it. */
  readonly word?: string;
  /** The module that exports it. */
  readonly module?: string;
}

/**
 * @param asked names of `skein models`, also with options (`resnet20:stochasticDepth=0.2`); paths of modules; networks of Skein's made in code
 * @throws ConfigError where there is no such network, or two have one name
 */
export async function contestantsOf(asked: readonly (string | Network)[]): Promise<Contestant[]> {
  if (asked.length === 0)
    throw new ConfigError('compare: expected at least one network, but got none', 'skein models lists them');
  const found: Contestant[] = [];
  for (const one of asked) {
    const contestant = typeof one === 'string' ? await byWord(one) : { name: one.name, network: one };
    if (found.some(({ name }) => name === contestant.name))
      throw new ConfigError(
        `compare: expected networks with names of their own, but two are called ${contestant.name}`,
        'give each once; with other options it has another name: resnet20:stochasticDepth=0.2',
      );
    found.push(contestant);
  }
  return found;
}

async function byWord(word: string): Promise<Contestant> {
  if (isModulePath(word)) {
    const network = await networkOf(word);
    return { name: network.name, network, word, module: word };
  }
  const [, model = word, options] = /^([^:]+):(.*)$/.exec(word) ?? [];
  const variant = options === undefined ? undefined : models.get(model);
  if (options === undefined || !variant) return { name: word, network: await networkOf(model), word };
  const given = Object.fromEntries(
    options.split(',').map((pair) => {
      const [, key, text] = /^\s*([A-Za-z]+)=(.+?)\s*$/.exec(pair) ?? [];
      if (key === undefined || text === undefined)
        throw new ConfigError(
          `${word}: expected options such as dropout=0.2, but got \`${pair}\``,
          `skein models ${model} lists them`,
        );
      // what is no value is refused with the text
      return [key, variant.open[key]?.parse(text) ?? text] as const;
    }),
  );
  return { name: word, network: variant.vary(given), word };
}
