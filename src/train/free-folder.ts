/** Making the folder of a run. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, reasonOf } from '../files/index.ts';
import { ConfigError } from '../tensor/index.ts';

/** Takes the first `runs/NAME-N` that is free by making it, so that two runs never share one. @throws ConfigError */
export async function freeFolder(name: string): Promise<string> {
  await makeRunFolder('runs');
  for (let n = 1; ; n++) {
    const path = join('runs', `${name}-${n}`);
    const isNew = await mkdir(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? false : notMade(path)(error)),
    );
    if (isNew) return path;
  }
}

/** Whether it was not there yet. @throws ConfigError */
export const makeRunFolder = (path: string): Promise<boolean> =>
  makeFolder(path).catch((error) => notMade(path)(error));

const notMade =
  (path: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new ConfigError(
      `train: the run folder ${path} cannot be made: ${reasonOf(error)}`,
      'choose another with `out` (--out)',
    );
  };
