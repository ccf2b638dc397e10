/** A network by a word: a name that Skein knows, or a module with a network of the person's own. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findModel } from '../models/index.ts';
import type { Network } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';

/** Whether the word is a path rather than a name. */
export const isModulePath = (word: string): boolean => /^\.{0,2}[\\/]|^[A-Za-z]:[\\/]|\.[mc]?[jt]s$/.test(word);

/**
 * The network of this name, or the one that a module such as `./net.mjs` exports.
 * @throws ConfigError where there is no such name, the module is missing, fails, or exports no network as `network` or default
 */
export async function networkOf(word: string): Promise<Network> {
  if (!isModulePath(word)) return findModel(word);
  if (!(await stat(word).catch(() => undefined))?.isFile())
    throw new ConfigError(`${word}: expected a module with a network, but there is no such file`, namesHint);
  const exported = await importModule(word);
  const network = exported.network ?? exported.default;
  if (!isNetwork(network)) {
    const names = Object.keys(exported);
    throw new ConfigError(
      `${word}: expected a network exported as \`network\` or default, but ` +
        (network === undefined
          ? `the module exports ${names.length > 0 ? names.join(', ') : 'nothing'}`
          : `it is ${describe(network)}`),
      "export const network = defineNetwork('name', (image, { classes }) => …)",
    );
  }
  return { ...network, options: network.options ?? {}, build: (image, options) => network.build(image, options) };
}

const namesHint = 'a MODEL is a name from skein models, or the path of a module';

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (error) {
    const { message, stack } = error as Error;
    const failure = new ConfigError(
      `${path}: the module cannot be imported: ${message}`,
      /\.[mc]?ts$/.test(path) ? 'Node runs JavaScript: compile it first' : 'run it with node to see where it fails',
    );
    if (stack !== undefined) failure.stack = stack;
    throw failure;
  }
}

function isNetwork(value: unknown): value is Omit<Network, 'options'> & Partial<Pick<Network, 'options'>> {
  if (typeof value !== 'object' || value === null) return false;
  const { name, build } = value as Partial<Network>;
  return typeof name === 'string' && name !== '' && typeof build === 'function';
}

const describe = (value: unknown) =>
  typeof value === 'object' && value !== null ? 'an object without `name` and `build`' : `a ${typeof value}`;
