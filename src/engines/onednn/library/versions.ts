/** Versions of oneDNN: as numbers in the names of files and packages, where 3.10 is newer than 3.9, and those that are known here. */
import { basename } from 'node:path';

const { compare } = new Intl.Collator('en', { numeric: true });

const versionIn = (path: string): string => /\d+(\.\d+)*/.exec(basename(path))?.[0] ?? '';

/** Of equal versions the one that stood first stays first; names without one come last. */
export const newestFirst = (names: Iterable<string>): string[] =>
  [...names].sort((one, other) => compare(versionIn(other), versionIn(one)));

/** Whether this version's C interface is known here. */
export const isKnownVersion = (major: number, minor: number): boolean => major === 3 || (major === 2 && minor >= 6);
