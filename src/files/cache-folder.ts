/** Where what can be made or downloaded again is kept. */
import { resolve } from 'node:path';
import envPaths from 'env-paths';

/** The folder of SKEIN_CACHE, or the system's for caches. It need not exist. */
export const cacheFolder = (): string => resolve(process.env.SKEIN_CACHE || envPaths('skein').cache);
