/** The files of a run that people and other programs read: config.yaml, metrics.jsonl, results.csv. */
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeFileAtomic } from '../checkpoint/index.ts';
import { ConfigError } from '../tensor/index.ts';
import type { EpochEvent } from './events.ts';

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
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

  /** Appends one measurement to metrics.jsonl. */
  async log(line: Readonly<Record<string, unknown>>): Promise<void> {
    await appendFile(this.#metrics, `${JSON.stringify(line)}\n`);
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
      throw error;
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
 * The folder of a new run: `out`, which must not hold a run yet, or the first free `runs/NAME-N`.
 * @throws ConfigError where it holds a run or cannot be made
 */
export async function newRunFolder(name: string, out?: string): Promise<RunFolder> {
  if (out === undefined) return freeFolder(name);
  const folder = new RunFolder(out);
  if (await exists(folder.last))
    throw new ConfigError(
      `train: ${out} already holds a run`,
      `choose another --out, or go on with it: skein train --resume ${out}`,
    );
  await mkdir(out, { recursive: true }).catch(notMade(out));
  return folder;
}

/** Takes the first `runs/NAME-N` that is free by making it, so that two runs never share one. */
async function freeFolder(name: string): Promise<RunFolder> {
  await mkdir('runs', { recursive: true }).catch(notMade('runs'));
  for (let n = 1; ; n++) {
    const path = join('runs', `${name}-${n}`);
    const made = await mkdir(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? false : notMade(path)(error)),
    );
    if (made) return new RunFolder(path);
  }
}

const notMade =
  (path: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new ConfigError(`train: the run folder ${path} cannot be made (${error.code})`, 'choose another with --out');
  };

/** The folder of a run to go on with. @throws ConfigError where there is none */
export async function existingRunFolder(path: string | undefined): Promise<RunFolder> {
  if (path === undefined) throw new ConfigError('train: `resume` needs the run folder', 'give it as `out`');
  const folder = new RunFolder(path);
  if (!(await exists(folder.last)))
    throw new ConfigError(
      `train: ${path} holds no run to go on with: there is no last.safetensors in it`,
      'start a new run without --resume',
    );
  return folder;
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
