/** The library that decodes, encodes and draws images, loaded when the first image asks for it: all else works without it. */
import { DataError } from '../tensor/index.ts';

export type Sharp = typeof import('sharp').default;

let loaded: Promise<Sharp> | undefined;

/** @throws DataError where the library is missing, or has no binary for this system */
export function loadSharp(): Promise<Sharp> {
  // an import that has been done takes as long as a small photograph all the same
  loaded ??= importSharp();
  return loaded;
}

async function importSharp(): Promise<Sharp> {
  try {
    return (await import('sharp')).default;
  } catch {
    throw new DataError(
      `images: the package sharp cannot be loaded on ${process.platform}-${process.arch}`,
      'run `npm install --include=optional sharp`',
    );
  }
}
