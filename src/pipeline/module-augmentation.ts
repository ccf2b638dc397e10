/** A person's own augmentation by the module that has it, so that every thread can import it. */
import type { Augmentation } from '../data/index.ts';
import type { ListedPart } from '../parts/index.ts';
import { ConfigError } from '../tensor/index.ts';

const modules = new WeakMap<Augmentation, string>();

/** The URL of the module that it is from; undefined where it was made otherwise. */
export const moduleOf = (augmentation: Augmentation): string | undefined => modules.get(augmentation);

/**
 * An augmentation of your own that runs in the threads of a run, and not only in the main one. Its module exports what `defineAugmentation`
 * gives, as `default` or as the only such export, and is imported by each thread: `await augmentationFrom(new URL('./fog.js', import.meta.url),
 * { density: 0.5 })`.
 * @throws ConfigError where the module cannot be imported, has none or several, or the options are not its own
 */
export async function augmentationFrom(
  module: URL | string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Augmentation> {
  const url = addressOf(module);
  const part = partOf(url, await imported(url));
  const augmentation = part.from(options, `${url}: the augmentation \`${part.name}\``);
  if (typeof augmentation.apply !== 'function')
    throw new ConfigError(`${url}: expected an augmentation, but \`${part.name}\` has no \`apply\``, example);
  modules.set(augmentation, url);
  return augmentation;
}

const example = 'export default defineAugmentation({ name, about, options, make })';

function addressOf(module: URL | string): string {
  if (URL.canParse(String(module))) return String(module);
  throw new ConfigError(
    `augmentationFrom: expected a module's URL, but got \`${module}\``,
    "a path beside your own file is new URL('./mine.js', import.meta.url)",
  );
}

async function imported(url: string): Promise<Record<string, unknown>> {
  try {
    return await import(/* @vite-ignore */ url);
  } catch (error) {
    throw new ConfigError(`${url}: cannot be imported: ${(error as Error).message}`, 'check the path and the module');
  }
}

function partOf(url: string, exported: Readonly<Record<string, unknown>>): ListedPart<Augmentation> {
  if (isPart(exported.default)) return exported.default;
  const parts = Object.values(exported).filter(isPart);
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const found = Object.keys(exported).join(', ') || 'nothing';
  throw new ConfigError(
    parts.length === 0
      ? `${url}: expected a module that exports an augmentation, but it exports ${found}`
      : `${url}: expected one augmentation, but it exports ${parts.map(({ name }) => name).join(', ')}`,
    parts.length === 0 ? example : 'export the one that is meant as default',
  );
}

/** Also of another copy of this package. */
const isPart = (value: unknown): value is ListedPart<Augmentation> =>
  typeof value === 'function' && typeof (value as Partial<ListedPart<Augmentation>>).from === 'function';
