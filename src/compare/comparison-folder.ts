/** The folder of a comparison: comparison.json, a run folder for each network and seed, and what it comes to. */
import { readdir, readFile, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type FolderLock,
  fileError,
  lockFolder,
  makeFolder,
  reasonOf,
  removeLeftovers,
  writeFileAtomic,
} from '../files/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { freeFolder, measuredSeconds } from '../train/index.ts';
import {
  type ComparisonState,
  expectSameState,
  type KeptRun,
  parseState,
  stateDifference,
} from './comparison-state.ts';
import type { SettleLike } from './settle-like.ts';

/** What makes a folder that of a comparison. */
const file = 'comparison.json';

/** What the comparison in a folder keeps; undefined for any other folder. @throws CheckpointError where it is damaged */
export async function comparisonIn(folder: string): Promise<ComparisonState | undefined> {
  const path = join(folder, file);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileError('read', path, error, 'the runs in the folder are untouched');
  }
  return parseState(path, text);
}

/** The newest `runs/comparison-N` with these settings that has runs left; undefined where there is none. */
async function unfinishedLike(settleLike: SettleLike): Promise<string | undefined> {
  const names = (await readdir('runs').catch(() => [])).filter((name) => /^comparison-\d+$/.test(name));
  const numbered = names.sort((a, b) => Number(b.slice('comparison-'.length)) - Number(a.slice('comparison-'.length)));
  for (const name of numbered) {
    const path = join('runs', name);
    const found = await comparisonIn(path).catch(() => undefined);
    if (!found?.runs.some(({ outcome }) => !outcome)) continue;
    if (stateDifference(found, await settleLike(found)) === undefined) return path;
  }
  return undefined;
}

/** A comparison that this process alone works on. */
export class ComparisonFolder {
  readonly path: string;
  /** Whether an earlier call began it. */
  readonly isResumed: boolean;
  #state: ComparisonState;
  readonly #lock: FolderLock;

  private constructor(path: string, state: ComparisonState, lock: FolderLock, isResumed: boolean) {
    this.path = path;
    this.#state = state;
    this.#lock = lock;
    this.isResumed = isResumed;
  }

  /**
   * @param state with which a new one begins
   * @param settleLike its settings beside one that was begun
   * @throws ConfigError where another comparison or a run is there, or somebody works on it now
   */
  static async take(
    out: string | undefined,
    state: ComparisonState,
    settleLike: SettleLike,
  ): Promise<ComparisonFolder> {
    const path = out ?? (await unfinishedLike(settleLike)) ?? (await freeFolder('comparison'));
    const isNew = await makeFolder(path).catch((error) => {
      throw new ConfigError(
        `compare: the folder ${path} cannot be made: ${reasonOf(error)}`,
        'choose another with `out` (--out)',
      );
    });
    const lock = await lockFolder(path);
    try {
      await removeLeftovers(path, { isHeld: true });
      const before = await comparisonIn(path);
      if (before) {
        expectSameState(path, before, await settleLike(before));
        const { maxMinutes: _, ...kept } = before;
        const { maxMinutes } = state;
        const runs = await Promise.all(before.runs.map((run) => withMeasuredTime(path, run)));
        const gone = { ...kept, runs, ...(maxMinutes !== undefined && { maxMinutes }) };
        return new ComparisonFolder(path, gone, lock, true);
      }
      if (await isThere(join(path, 'last.safetensors')))
        throw new ConfigError(`compare: ${path} already holds a run`, 'choose another folder (--out)');
      const folder = new ComparisonFolder(path, state, lock, false);
      await folder.#write();
      return folder;
    } catch (error) {
      await lock.release();
      // succeeds only where it is empty
      if (isNew || out === undefined) await rmdir(path).catch(() => {});
      throw error;
    }
  }

  get state(): ComparisonState {
    return this.#state;
  }

  /** The folder of a run. */
  folderOf({ folder }: KeptRun): string {
    return join(this.path, folder);
  }

  /** Whether a run has saved something to go on from. */
  isBegun(run: KeptRun): Promise<boolean> {
    return isThere(join(this.folderOf(run), 'last.safetensors'));
  }

  /** Puts a run in place of the one that it was. */
  async keep(run: KeptRun): Promise<void> {
    const runs = this.#state.runs.map((one) => (one.network === run.network && one.seed === run.seed ? run : one));
    this.#state = { ...this.#state, runs };
    await this.#write();
  }

  /** Writes a file beside comparison.json. @returns its path */
  async write(name: string, text: string): Promise<string> {
    await this.#lock.expectHeld();
    const path = join(this.path, name);
    await writeFileAtomic(path, text);
    return path;
  }

  leave(): Promise<void> {
    return this.#lock.release();
  }

  async #write(): Promise<void> {
    await this.write(file, `${JSON.stringify(this.#state, null, 2)}\n`);
  }
}

/** A run as it was kept, and of one whose owner was killed the time that its folder tells of. */
async function withMeasuredTime(path: string, run: KeptRun): Promise<KeptRun> {
  if (run.outcome) return run;
  return { ...run, seconds: Math.max(run.seconds, await measuredSeconds(join(path, run.folder))) };
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
