/** Who holds a folder, as the file in it says, and whether that process is still there. */
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isRunning, ownPlace, type ProcessMark } from './running-process.ts';

export interface Holder extends ProcessMark {
  /** For people. */
  readonly host: string;
  /** Where its id means something, see `ownPlace`; earlier versions went by the host's name. */
  readonly place?: string;
  /** Seconds between two signs of life, which are the file's time; earlier versions gave none. */
  readonly beats?: number;
}

/** Undefined for a file that says nothing. */
export function holderOf(text: string): Holder | undefined {
  try {
    const { pid, started, host, place, beats } = JSON.parse(text) as Record<string, unknown>;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1 || typeof host !== 'string') return undefined;
    const marks = { ...(typeof started === 'string' && { started }), ...(typeof place === 'string' && { place }) };
    const signs = typeof beats === 'number' && beats > 0 && beats <= 60 ? { beats } : {};
    return { pid, host, ...marks, ...signs };
  } catch {
    return undefined;
  }
}

/** Whether its id is one of this machine's and container's. */
export const isHere = async ({ host, place }: Holder): Promise<boolean> =>
  place === undefined ? host === hostname() : place === (await ownPlace());

/** Nothing is known of who is elsewhere, or says nothing. */
export const isDead = async (holder: Holder | undefined): Promise<boolean> =>
  holder !== undefined && (await isHere(holder)) && !(await isRunning(holder));

/** Signs of life that a holder may miss. */
export const silentBeats = 3.5;

/** Whether a holder elsewhere misses as many. Only the file's own time counts: clocks of machines differ. */
export async function isSilent(path: string, holder: Holder | undefined): Promise<boolean> {
  if (holder?.beats === undefined || (await isHere(holder))) return false;
  const before = await timeOf(path);
  const end = performance.now() + silentBeats * holder.beats * 1000;
  while (performance.now() < end) {
    if ((await timeOf(path)) !== before) return false;
    await new Promise((resolve) => setTimeout(resolve, holder.beats ? holder.beats * 100 : 0));
  }
  return true;
}

/** Undefined where it is gone. */
const timeOf = (path: string) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
