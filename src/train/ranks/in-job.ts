/** A run as a rank of a job: joined before anything else, and left by all together. */
import { joinJob, type Ranks } from '../../engines/index.ts';
import { ConfigError, SkeinError } from '../../tensor/index.ts';
import type { TrainOptions } from '../train-options.ts';
import { aloneError } from './expect-alone.ts';

let wasJoined = false;

/**
 * Has `run` know the ranks that a launcher started this process with; without a launcher there are none.
 * @throws what `run` throws, naming the rank and its machine
 */
export async function inJob<T>(options: TrainOptions, run: (ranks: Ranks | undefined) => Promise<T>): Promise<T> {
  if (wasJoined)
    throw new ConfigError(
      'train: this process was a rank already, and MPI begins once in a process',
      'train once in each job, or start the other runs without mpirun',
    );
  const ranks = await joinJob();
  if (!ranks) return run(undefined);
  wasJoined = true;
  try {
    expectShareable(options, ranks);
    const result = await run(ranks);
    await ranks.leave();
    return result;
  } catch (error) {
    throw named(error, ranks);
  } finally {
    await ranks.dispose();
  }
}

/** `rank 1 of 4 on host b: …` */
function named(error: unknown, { rank, size, host }: Ranks): unknown {
  if (error instanceof SkeinError) error.message = `rank ${rank} of ${size} on ${host}: ${error.message}`;
  return error;
}

/** What is decided by time or memory, each rank would decide by its own. */
function expectShareable(options: TrainOptions, { size }: Ranks): void {
  const alone = (what: string, hint: string) => aloneError(what, size, hint);
  if (options.findLr) throw alone('findLr', 'look for the rate in one process, and give it: --lr 0.05');
  if (options.maxMinutes !== undefined && options.maxSteps === undefined)
    throw alone('maxMinutes', 'say how many epochs there are: --epochs 10');
  if (options.batchSize === 'auto')
    throw alone('batchSize', 'give the number of images of the whole batch: --batch-size 256');
  if (options.onBadImage === 'skip')
    throw alone('onBadImage', 'skein data lists what cannot be read: repair it or take it away');
  if (options.fold) throw alone('fold', 'train the folds one after the other in one process');
}
