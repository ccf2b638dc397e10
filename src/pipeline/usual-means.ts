/** What a pipeline takes of the machine where nobody says, and what it may be told to take. */
import { availableParallelism } from 'node:os';
import { ConfigError } from '../tensor/index.ts';

/** One thread fewer than this process has cores: the engine computes meanwhile. */
export const usualWorkers = (cores = availableParallelism()): number => Math.min(8, Math.max(1, cores - 1));

/** More threads than any machine has cores only wait for each other. */
export const mostWorkers = 256;

/** @throws ConfigError */
export function expectWorkers(workers: number): void {
  if (Number.isSafeInteger(workers) && workers >= 0 && workers <= mostWorkers) return;
  throw new ConfigError(
    `pipeline: \`workers\` must be a whole number from 0 to ${mostWorkers}, but is ${workers}`,
    'leave it out for the default; 0 decodes without threads',
  );
}

const mostCacheBytes = 4 * 1024 ** 3;

/** A quarter of what is left to this process, also where a container limits it; its part of that where several share the machine. */
export const usualCacheBytes = (processes = 1): number =>
  Math.min(mostCacheBytes, Math.floor(process.availableMemory() / 4 / processes));
