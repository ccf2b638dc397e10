/** Where in a network's structure the code that builds it stands; parameter names come from here. */
import { ConfigError } from '../tensor/index.ts';

let path: readonly string[] = [];

function within<T>(inner: readonly string[], build: () => T): T {
  const outer = path;
  path = inner;
  try {
    return build();
  } finally {
    path = outer;
  }
}

/**
 * Names everything that `build` creates: `scope('block1', …)` makes its first convolution's weight `block1.conv1.weight`.
 * Scopes nest. @throws ConfigError for an empty name or one with a dot
 */
export function scope<T>(name: string, build: () => T): T {
  if (name === '' || name.includes('.'))
    throw new ConfigError(`scope: the name must be one word without dots, but is \`${name}\``);
  return within([...path, name], build);
}

/** Whether a layer, or a state entry, is at a path or below it. */
export const isWithin = (name: string, path: string): boolean => name === path || name.startsWith(`${path}.`);

/** Runs `build` outside every scope, as the start of a new network does. */
export function outermost<T>(build: () => T): T {
  return within([], build);
}

/** Runs `build` in exactly the scope named by a dotted path. */
export function atScope<T>(dotted: string, build: () => T): T {
  return within(dotted === '' ? [] : dotted.split('.'), build);
}

/** The dotted path of the open scopes, '' outside all of them. */
export function currentScope(): string {
  return path.join('.');
}
