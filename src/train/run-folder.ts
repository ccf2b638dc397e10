/** The folder of a run, which one run at a time writes to, and the files in it that people and other programs read. */
import { readFile, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../checkpoint/index.ts';
import { type FolderLock, fileError, lockFolder, removeLeftovers, writeFileAtomic } from '../files/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { splitFile } from '../trained/index.ts';
import { keepEpochIn, removeEpochsIn } from './epoch-files.ts';
import type { EpochRecord } from './events.ts';
import { makeRunFolder } from './free-folder.ts';
import { recordedConfig } from './from-config.ts';
import { MetricsFile } from './metrics-file.ts';
import { type EpochToKeep, keptText, type Measurement, type RunPoint, type RunSink } from './run-sink.ts';

export class RunFolder implements RunSink {
  readonly name: string;
  readonly #metrics: MetricsFile;
  #isNew: boolean;
  #lock: FolderLock | undefined;
  #kept: string | undefined;
  readonly #hasReport: boolean;

  /**
   * @param options.isNew whether it was made for this run
   * @param options.hasReport whether it gets a report.html at the end
   */
  constructor(path: string, { isNew = false, hasReport = true } = {}) {
    this.name = path;
    this.#hasReport = hasReport;
    this.#metrics = new MetricsFile(join(path, 'metrics.jsonl'));
    this.#isNew = isNew;
  }

  get kept(): string | undefined {
    return this.#kept;
  }

  /** Also clears away what a run that died here was writing. @throws ConfigError, CheckpointError */
  async take({ resume }: { readonly resume: boolean }): Promise<void> {
    if (resume) await this.#expectRun();
    else {
      await this.#expectNoRun();
      this.#isNew = (await makeRunFolder(this.name)) || this.#isNew;
    }
    this.#lock = await lockFolder(this.name);
    await removeLeftovers(this.name, { isHeld: true });
    if (resume) return;
    // again, since a run may have begun and ended in between
    await this.#expectNoRun().catch(async (error) => {
      await this.leave();
      throw error;
    });
  }

  /** A folder that was made for nothing goes away. */
  async leave(): Promise<void> {
    await this.#lock?.release();
    // succeeds only where it is empty
    if (this.#isNew) await rmdir(this.name).catch(() => {});
  }

  async begin(config: Readonly<Record<string, unknown>>, split: string | undefined): Promise<void> {
    await this.#expectHeld();
    await this.#metrics.clear();
    await removeEpochsIn(this.name, () => true);
    await writeFileAtomic(this.#config, stringify(config));
    if (split === undefined) await rm(this.#split, { force: true });
    else await writeFileAtomic(this.#split, split);
  }

  async split(): Promise<string | undefined> {
    return readFile(this.#split, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw fileError('read', this.#split, error, 'the checkpoints in the folder are untouched');
    });
  }

  recorded(): Promise<unknown> {
    return recordedConfig(this.#config);
  }

  /** What a person wrote into config.yaml stays, comments included. */
  async goOn(at: RunPoint, changes: Readonly<Record<string, unknown>>, split?: string): Promise<void> {
    await this.#expectHeld();
    await this.#metrics.rewind(at);
    if (split !== undefined) await writeFileAtomic(this.#split, split);
    const text = await readFile(this.#config, 'utf8').catch(() => undefined);
    if (text === undefined) return;
    const config = parseDocument(text);
    if (config.errors.length > 0 || typeof config.toJS() !== 'object') return;
    const changed = Object.entries(changes).filter(([key, value]) => config.get(key) !== value);
    for (const [key, value] of changed) {
      if (value === undefined) config.delete(key);
      else config.set(key, value);
    }
    if (changed.length > 0) await writeFileAtomic(this.#config, config.toString());
  }

  async log(measurement: Measurement): Promise<void> {
    await this.#expectHeld();
    return this.#metrics.append(measurement);
  }

  measured(): Promise<Measurement[]> {
    return this.#metrics.all();
  }

  /** Writes results.csv: a row for each epoch so far. */
  async results(epochs: readonly EpochRecord[]): Promise<void> {
    await this.#expectHeld();
    const columns = ['epoch', 'train_loss', 'train_top1', 'validation_loss', 'validation_top1', 'lr'];
    const rows = epochs.map(({ epoch, train, validation, lr }) =>
      [epoch, train.loss, train.top1, validation.loss, validation.top1, lr].join(','),
    );
    await writeFileAtomic(join(this.name, 'results.csv'), `${[columns.join(','), ...rows].join('\n')}\n`);
  }

  async save(which: 'last' | 'best', checkpoint: Checkpoint): Promise<void> {
    await this.#expectHeld();
    await saveCheckpoint(this.#checkpoint(which), checkpoint);
    if (which === 'last') this.#kept = keptText(this.name, checkpoint.training);
  }

  async keepEpoch(checkpoint: Checkpoint, at: EpochToKeep): Promise<void> {
    await this.#expectHeld();
    return keepEpochIn(this.name, checkpoint, at);
  }

  async load(which: 'last' | 'best'): Promise<{ name: string; checkpoint: Checkpoint }> {
    const name = this.#checkpoint(which);
    const checkpoint = await loadCheckpoint(name);
    if (which === 'last') this.#kept = keptText(this.name, checkpoint.training);
    return { name, checkpoint };
  }

  async report(page: () => Promise<string>): Promise<string | undefined> {
    if (!this.#hasReport) return undefined;
    await this.#expectHeld();
    const path = join(this.name, 'report.html');
    await writeFileAtomic(path, await page());
    return path;
  }

  async #expectHeld(): Promise<void> {
    await this.#lock?.expectHeld();
  }

  async #expectRun(): Promise<void> {
    if (await exists(this.#checkpoint('last'))) return;
    throw new ConfigError(
      (await exists(this.name))
        ? `train: ${this.name} holds no run to go on with: there is no last.safetensors in it`
        : `train: there is no folder ${this.name} to go on with`,
      (await exists(this.#config))
        ? `where it ended before anything was saved, start it again: skein train --config ${this.#config} --out ${this.name}`
        : 'start a new run without --resume',
    );
  }

  async #expectNoRun(): Promise<void> {
    if (await exists(this.#checkpoint('last')))
      throw new ConfigError(
        `train: ${this.name} already holds a run`,
        `choose another --out, or go on with it: skein train --resume ${this.name}`,
      );
  }

  #checkpoint(which: 'last' | 'best'): string {
    return join(this.name, `${which}.safetensors`);
  }

  get #split(): string {
    return join(this.name, splitFile);
  }

  get #config(): string {
    return join(this.name, 'config.yaml');
  }
}

/** A run folder as a sink: `train({ …, out: runFolder('runs/mine', { report: false }) })`. @param options.report whether it gets a report.html; default: yes */
export const runFolder = (path: string, { report = true }: { readonly report?: boolean } = {}): RunSink =>
  new RunFolder(path, { hasReport: report });

/** What the run in a folder measured so far, oldest first. @throws CheckpointError where it cannot be read */
export const measurementsIn = (folder: string): Promise<Measurement[]> => new RunFolder(folder).measured();

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
