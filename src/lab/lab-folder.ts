/** The folder of an experiment: lab.json, what was done, piece by piece, the networks that were trained, and what comes of it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  canonicalJson,
  type FolderLock,
  fileError,
  lockFolder,
  makeFolder,
  reasonOf,
  removeLeftovers,
  writeFileAtomic,
} from '../files/index.ts';
import { CheckpointError, ConfigError } from '../tensor/index.ts';

/** What decides an experiment's numbers, by names that messages use. */
export type LabSettings = Readonly<Record<string, unknown>>;

const state = z.object({
  skein: z.string(),
  settings: z.record(z.string(), z.unknown()),
  seconds: z.number().nonnegative(),
});

/** A folder that this process alone works on. */
export class LabFolder {
  readonly path: string;
  /** Whether an earlier call began it. */
  readonly isResumed: boolean;
  readonly #lock: FolderLock;
  #state: z.infer<typeof state>;

  private constructor(path: string, lock: FolderLock, before: z.infer<typeof state>, isResumed: boolean) {
    this.path = path;
    this.#lock = lock;
    this.#state = before;
    this.isResumed = isResumed;
  }

  /** @throws ConfigError where the folder cannot be made, holds another experiment, or somebody works on it now */
  static async take(path: string, settings: LabSettings, version: string): Promise<LabFolder> {
    await makeFolder(path).catch((error) => {
      throw new ConfigError(
        `lab: the folder ${path} cannot be made: ${reasonOf(error)}`,
        'choose another with `out` (--out)',
      );
    });
    const lock = await lockFolder(path);
    try {
      await removeLeftovers(path, { isHeld: true });
      const before = await stateIn(path, settings);
      if (before) expectSame(path, before.settings, settings);
      const folder = new LabFolder(
        path,
        lock,
        before ?? { skein: version, settings, seconds: 0 },
        before !== undefined,
      );
      await folder.#write();
      return folder;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Of all calls until now. */
  get seconds(): number {
    return this.#state.seconds;
  }

  async spent(seconds: number): Promise<void> {
    this.#state = { ...this.#state, seconds: this.#state.seconds + seconds };
    await this.#write();
  }

  /** What a piece gave; undefined where it is not done. @throws CheckpointError where its file is damaged */
  async piece(name: string): Promise<{ readonly value: unknown } | undefined> {
    const path = this.#pieceFile(name);
    const text = await readIfThere(path);
    if (text === undefined) return undefined;
    try {
      const found = JSON.parse(text) as { name?: unknown; value?: unknown };
      if (found.name === name) return { value: found.value ?? null };
    } catch {
      // said below
    }
    throw new CheckpointError(`${path}: the file is damaged`, 'delete it: the piece is then done again');
  }

  async keepPiece(name: string, value: unknown): Promise<void> {
    const path = this.#pieceFile(name);
    await this.#lock.expectHeld();
    await makeFolder(join(this.path, 'pieces'));
    await writeFileAtomic(path, `${JSON.stringify({ name, value })}\n`);
  }

  /** Writes a file beside lab.json. @returns its path */
  async write(name: string, text: string): Promise<string> {
    await this.#lock.expectHeld();
    const path = join(this.path, name);
    await writeFileAtomic(path, text);
    return path;
  }

  leave(): Promise<void> {
    return this.#lock.release();
  }

  #pieceFile(name: string): string {
    const short = name.replaceAll(/[^\w.]+/g, '-').slice(0, 80);
    return join(this.path, 'pieces', `${short}-${hashOf(name).slice(0, 8)}.json`);
  }

  async #write(): Promise<void> {
    await this.write('lab.json', `${JSON.stringify(this.#state, null, 2)}\n`);
  }
}

/** Tells texts, or plain values, apart in names of files. */
export const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(typeof value === 'string' ? value : (canonicalJson(value) ?? ''))
    .digest('hex');

/** Settings that folders of earlier versions do not name: these hold what is given when somebody goes on there. */
const namedLater = ['images'];

async function stateIn(folder: string, now: LabSettings): Promise<z.infer<typeof state> | undefined> {
  const path = join(folder, 'lab.json');
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const found = state.parse(JSON.parse(text));
    const later = Object.entries(now).filter(([name]) => namedLater.includes(name) && !(name in found.settings));
    return { ...found, settings: { ...found.settings, ...Object.fromEntries(later) } };
  } catch {
    throw new CheckpointError(`${path}: the file is damaged`, 'choose another folder (--out)');
  }
}

function expectSame(path: string, before: LabSettings, now: LabSettings): void {
  const plain = JSON.parse(JSON.stringify(now)) as LabSettings;
  const names = [...new Set([...Object.keys(before), ...Object.keys(plain)])];
  const other = names.find((name) => canonicalJson(before[name] ?? null) !== canonicalJson(plain[name] ?? null));
  if (other === undefined) return;
  const [was, is] = [before[other], plain[other]].map((value) => JSON.stringify(value ?? 'none'));
  // settings can be pages long
  const isShort = `${was}${is}`.length < 160;
  throw new ConfigError(
    `lab: ${path} holds an experiment with ${isShort ? `${other} ${was}, but this one has ${is}` : `other ${other} than this one has`}`,
    hintFor(other, before[other]),
  );
}

/** Given on the command line by `--NAME`, and often by nobody: what is usual follows from the machine. */
const flagged = ['threads', 'engine', 'precision', 'seed'];

function hintFor(other: string, was: unknown): string {
  // folders do not name what is usual
  if (flagged.includes(other)) return `go on with --${other} ${was ?? 'float32'}, or ${elsewhere}`;
  return other === 'images'
    ? `give it the images that it began with, or ${elsewhere}`
    : `${elsewhere}, or delete that one`;
}

const elsewhere = 'choose another folder with `out` (--out)';

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error, 'the rest of the folder is untouched');
  }
}
