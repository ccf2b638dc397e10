/** What a run takes of its machine where nobody said: a rank leaves cores to the others that are there. */
import { rankThreads } from '../../mpi/index.ts';
import { usualWorkers } from '../../pipeline/index.ts';
import type { Settings } from '../settings.ts';

/** Of the engine; undefined where it takes what it likes. */
export const threadsOf = ({ threads, ranks }: Pick<Settings, 'threads' | 'ranks'>): number | undefined =>
  threads ?? (ranks && rankThreads());

/** Threads that decode and augment. */
export const workersOf = ({ workers, ranks }: Pick<Settings, 'workers' | 'ranks'>): number =>
  workers ?? usualWorkers(ranks && rankThreads());
