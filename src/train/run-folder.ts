/** The folder of a run, which one run at a time writes to, and the files in it that people and other programs read. */
import { appendFile, mkdir, readFile, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
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
import type { EpochEvent } from './events.ts';

const untouched = 'the checkpoints in the folder are untouched';

export class RunFolder {
  readonly path: string;
  readonly #isNew: boolean;
  #lock: FolderLock | undefined;

  constructor(path: string, { isNew = false } = {}) {
    this.path = path;
    this.#isNew = isNew;
  }

  /** Keeps other runs out until `leave`, and clears away what one that died here was writing. @throws ConfigError, CheckpointError */
  async take(): Promise<void> {
    this.#lock = await lockFolder(this.path);
    await removeLeftovers(this.path);
  }

  /** Lets other runs in. A folder that was made for nothing goes away. */
  async leave(): Promise<void> {
    await this.#lock?.release();
    // succeeds only where it is empty
    if (this.#isNew) await rmdir(this.path).catch(() => {});
  }

  get last(): string {
    return join(this.path, 'last.safetensors');
  }

  get best(): string {
    return join(this.path, 'best.safetensors');
  }

  get report(): string {
    return join(this.path, 'report.html');
  }

  get config(): string {
    return join(this.path, 'config.yaml');
  }

  async writeConfig(config: Readonly<Record<string, unknown>>): Promise<void> {
    await writeFileAtomic(this.config, stringify(config));
  }

  /** What a run goes on with, where that is not what it was started with: it then goes on with this again. */
  async updateConfig(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const text = await readFile(this.config, 'utf8').catch(() => undefined);
    if (text === undefined) return;
    const config = parseDocument(text);
    if (config.errors.length > 0 || typeof config.toJS() !== 'object') return;
    const changed = Object.entries(changes).filter(([key, value]) => config.get(key) !== value);
    for (const [key, value] of changed) {
      if (value === undefined) config.delete(key);
      else config.set(key, value);
    }
    if (changed.length > 0) await writeFileAtomic(this.config, config.toString());
  }

  /** Appends one measurement to metrics.jsonl. */
  async log(line: Readonly<Record<string, unknown>>): Promise<void> {
    await appendFile(this.#metrics, `${JSON.stringify(line)}\n`).catch((error) => {
      throw fileError('write', this.#metrics, error, untouched);
    });
  }

  /** Training images per second of each epoch so far, as far as metrics.jsonl knows them. */
  async speeds(): Promise<number[]> {
    const lines = (await this.#measurements()).split('\n').filter((line) => line.startsWith('{"kind":"epoch"'));
    return lines.map((line) => (JSON.parse(line) as { imagesPerSecond: number }).imagesPerSecond);
  }

  /** Drops the measurements of steps after `step`, which a resumed run takes again. */
  async rewind(step: number): Promise<void> {
    const kept = (await this.#measurements())
      .split('\n')
      .filter((line) => stepOf(line) <= step && !line.startsWith('{"kind":"test"'));
    await writeFileAtomic(this.#metrics, kept.map((line) => `${line}\n`).join(''));
  }

  /** Writes results.csv: a row for each epoch so far. */
  async writeResults(history: readonly EpochRecord[]): Promise<void> {
    const columns = ['epoch', 'train_loss', 'train_top1', 'validation_loss', 'validation_top1', 'lr'];
    const rows = history.map(({ epoch, train, validation, lr }) =>
      [epoch, train.loss, train.top1, validation.loss, validation.top1, lr].join(','),
    );
    await writeFileAtomic(join(this.path, 'results.csv'), `${[columns.join(','), ...rows].join('\n')}\n`);
  }

  #measurements(): Promise<string> {
    return readFile(this.#metrics, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw fileError('read', this.#metrics, error, untouched);
    });
  }

  get #metrics(): string {
    return join(this.path, 'metrics.jsonl');
  }
}

/** What a finished epoch leaves in the checkpoint: no clock, so that equal runs give equal bytes. */
export type EpochRecord = Pick<EpochEvent, 'epoch' | 'train' | 'validation' | 'lr'>;

function stepOf(line: string): number {
  try {
    const { step } = JSON.parse(line) as { step?: unknown };
    return typeof step === 'number' ? step : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * The folder of a new run, taken: `out`, which must not hold a run yet, or the first free `runs/NAME-N`.
 * @throws ConfigError where it holds a run, another run writes to it, or it cannot be made
 */
export async function newRunFolder(name: string, out?: string): Promise<RunFolder> {
  const path = out ?? (await freeFolder(name));
  await expectNoRun(new RunFolder(path));
  const isNew = (await makeRunFolder(path)) || out === undefined;
  const folder = new RunFolder(path, { isNew });
  await folder.take();
  // again, since a run may have begun and ended in between
  await expectNoRun(folder).catch(async (error) => {
    await folder.leave();
    throw error;
  });
  return folder;
}

async function expectNoRun({ path, last }: RunFolder): Promise<void> {
  if (await exists(last))
    throw new ConfigError(
      `train: ${path} already holds a run`,
      `choose another --out, or go on with it: skein train --resume ${path}`,
    );
}

/** Takes the first `runs/NAME-N` that is free by making it, so that two runs never share one. @throws ConfigError */
export async function freeFolder(name: string): Promise<string> {
  await makeRunFolder('runs');
  for (let n = 1; ; n++) {
    const path = join('runs', `${name}-${n}`);
    const isNew = await mkdir(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? false : notMade(path)(error)),
    );
    if (isNew) return path;
  }
}

/** Whether it was not there yet. @throws ConfigError */
const makeRunFolder = (path: string): Promise<boolean> => makeFolder(path).catch((error) => notMade(path)(error));

const notMade =
  (path: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new ConfigError(
      `train: the run folder ${path} cannot be made: ${reasonOf(error)}`,
      'choose another with `out` (--out)',
    );
  };

/** The folder of a run to go on with, taken. @throws ConfigError where there is none, or another run writes to it */
export async function existingRunFolder(path: string | undefined): Promise<RunFolder> {
  if (path === undefined) throw new ConfigError('train: `resume` needs the run folder', 'give it as `out`');
  const folder = new RunFolder(path);
  if (!(await exists(folder.last)))
    throw new ConfigError(
      `train: ${path} holds no run to go on with: there is no last.safetensors in it`,
      'start a new run without --resume',
    );
  await folder.take();
  return folder;
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
