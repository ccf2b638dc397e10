/** Processes of a machine that want to try the same library take turns: many at once would take each other's time until none is done in its own. */
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, lockFolder, makeFolder, ownPlace, waitForFolder } from '../../../files/index.ts';
import { ConfigError } from '../../../tensor/index.ts';

/**
 * What is known; else what `find` finds, at first alone on this machine: where another process is at it, that one's answer. Where it leaves none, or takes
 * longer than so many seconds, who waited finds out for itself.
 * @param known looks where `find` leaves its answer
 */
export async function inTurn<T>(
  seconds: number,
  known: () => Promise<T | undefined>,
  find: () => Promise<T>,
): Promise<T> {
  const before = await known();
  if (before !== undefined) return before;
  const folder = join(cacheFolder(), `trying-${await ownPlace()}`);
  const lock = await makeFolder(folder)
    .then(() => lockFolder(folder))
    .catch(whyNot);
  try {
    if (lock === 'taken') await waitForFolder(folder, seconds);
    // also after taking the lock: somebody may have had it until then
    return (await known()) ?? (await find());
  } finally {
    if (typeof lock === 'object') await lock.release();
    // succeeds only where nobody else is at it
    await rmdir(folder).catch(() => {});
  }
}

/** Where nothing can be kept there are no turns either. */
const whyNot = (error: unknown) => (error instanceof ConfigError ? 'taken' : 'cannot be');
