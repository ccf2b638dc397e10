/** How long a run took at the least, as its folder tells it: what a process that was killed had no time to say. */
import { measurementsIn } from './run-folder.ts';

/** Seconds of the epochs that were measured, with their validation; 0 where there are none or they cannot be read. */
export async function measuredSeconds(folder: string): Promise<number> {
  const measured = await measurementsIn(folder).catch(() => []);
  const seconds = measured.flatMap((one) => (one.kind === 'epoch' && one.seconds > 0 ? [one.seconds] : []));
  return seconds.reduce((sum, one) => sum + one, 0);
}
