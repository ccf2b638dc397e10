/** What a pipeline takes of the machine where nobody says. */
import { availableParallelism } from 'node:os';

/** One thread fewer than there are cores: the engine computes meanwhile. */
export const usualWorkers = (): number => Math.min(8, Math.max(1, availableParallelism() - 1));

const mostCacheBytes = 4 * 1024 ** 3;

/** A quarter of what is left to this process, also where a container limits it. */
export const usualCacheBytes = (): number => Math.min(mostCacheBytes, Math.floor(process.availableMemory() / 4));
