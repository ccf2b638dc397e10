/** The folder of a cross validation: `fold-1` … with the runs, folds.json with what is done, and folds.csv for people. */
import { readFile, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { z } from 'zod';
import { type FolderLock, fileError, lockFolder, writeFileAtomic } from '../../files/index.ts';
import { CheckpointError, ConfigError } from '../../tensor/index.ts';
import { expectSameRecipe } from '../config.ts';
import { makeRunFolder } from '../free-folder.ts';
import { recordedConfig } from '../from-config.ts';
import { RunFolder } from '../run-folder.ts';
import type { CrossValidation, FoldResult } from './fold-result.ts';

/** What makes a folder that of a cross validation. */
const file = 'folds.json';

const score = z.looseObject({ epoch: z.int(), loss: z.number(), top1: z.number(), correct: z.int(), total: z.int() });
const record = z.looseObject({
  folds: z.int().min(2),
  results: z.array(
    z.looseObject({
      fold: z.int(),
      folder: z.string(),
      stopped: z.enum(['finished', 'callback', 'patience']),
      best: score,
      last: score,
    }),
  ),
});

/** How many folds the cross validation has whose folder it is; undefined for any other folder. @throws CheckpointError where folds.json is damaged */
export const foldsIn = async (path: string): Promise<number | undefined> => (await recorded(path))?.folds;

/** config.yaml of a fold, which has all settings but the number of folds. */
export const configOfFolds = (path: string): string => join(path, 'fold-1', 'config.yaml');

export class FoldsFolder {
  readonly path: string;
  /** Of the folds that were done when it was taken. */
  readonly results: readonly FoldResult[];
  readonly #lock: FolderLock;
  readonly #isNew: boolean;

  private constructor(path: string, results: readonly FoldResult[], lock: FolderLock, isNew: boolean) {
    this.path = path;
    this.results = results;
    this.#lock = lock;
    this.#isNew = isNew;
  }

  /** @throws ConfigError where another one is there, or none to go on with, or one of another number of folds */
  static async take(path: string, folds: number, resume: boolean): Promise<FoldsFolder> {
    if (!resume) await makeRunFolder(path);
    else if ((await foldsIn(path)) === undefined)
      throw new ConfigError(
        `crossValidate: ${path} holds no cross validation to go on with: there is no ${file} in it`,
        'start a new one without `resume` (--resume)',
      );
    const lock = await lockFolder(path);
    try {
      const before = await recorded(path);
      if (before && !resume)
        throw new ConfigError(
          `crossValidate: ${path} already holds a cross validation`,
          `choose another folder (--out), or go on with it: skein train --resume ${path}`,
        );
      if (before && before.folds !== folds)
        throw new ConfigError(
          `crossValidate: ${path} was started with ${before.folds} folds, but is to go on with ${folds}`,
          'leave the number out to go on, or start a new one',
        );
      if (!resume && (await isThere(join(path, 'last.safetensors'))))
        throw new ConfigError(`crossValidate: ${path} already holds a run`, 'choose another folder (--out)');
      const folder = new FoldsFolder(path, before?.results ?? [], lock, !before);
      if (!before) await folder.#write({ folds, results: [] });
      return folder;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** All folds have the settings of the first, and the same samples in all. */
  sinkOf(fold: number): RunFolder {
    return new FoldFolder(join(this.path, `fold-${fold}`), fold === 1 ? undefined : configOfFolds(this.path));
  }

  /** What the first fold recorded; undefined where that cannot be read. */
  configOfFirst(): Promise<unknown> {
    return recordedConfig(configOfFolds(this.path));
  }

  async keep(summary: CrossValidation): Promise<void> {
    await this.#lock.expectHeld();
    const rows = summary.results.map(({ fold, best, last, test }) => ({
      fold,
      images: last.total,
      best_epoch: best.epoch,
      best_top1: best.top1,
      last_epoch: last.epoch,
      last_top1: last.top1,
      ...(test && { test_top1: test.best.top1 }),
    }));
    await writeFileAtomic(join(this.path, 'folds.csv'), `${Papa.unparse(rows, { newline: '\n' })}\n`);
    const { folds, results, best, last } = summary;
    await this.#write({ folds, results, ...(best && { best }), ...(last && { last }) });
  }

  /** A folder in which no fold began goes away. */
  async leave(): Promise<void> {
    if (this.#isNew && !(await isThere(join(this.path, 'fold-1')))) await rm(join(this.path, file), { force: true });
    await this.#lock.release();
    // succeeds only where it is empty
    if (this.#isNew) await rmdir(this.path).catch(() => {});
  }

  async #write(content: object): Promise<void> {
    await this.#lock.expectHeld();
    return writeFileAtomic(join(this.path, file), `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** What may differ between folds, or decides no number. */
const free = [
  ...['fold', 'samples', 'splits', 'dataDigest', 'versions', 'onBadImage', 'patience'],
  ...['workers', 'threads', 'cache', 'saveMinutes', 'keep'],
];

class FoldFolder extends RunFolder {
  readonly #first: string | undefined;

  /** @param first the config.yaml that this one's must agree with */
  constructor(path: string, first: string | undefined) {
    super(path);
    this.#first = first;
  }

  /** @throws ConfigError naming the first setting that the folds before did not have */
  override async begin(config: Readonly<Record<string, unknown>>, split: string | undefined): Promise<void> {
    const first = this.#first === undefined ? undefined : await recordedConfig(this.#first);
    if (typeof first === 'object' && first !== null)
      expectSameRecipe(counted(first as Record<string, unknown>), counted(plain(config)), free);
    return super.begin(config, split);
  }
}

const plain = (config: object) => JSON.parse(JSON.stringify(config)) as Record<string, unknown>;

/** With how many samples all folds have together. */
function counted(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { train, validation, test } = (config.splits ?? {}) as Readonly<Record<string, number>>;
  return { ...config, images: (train ?? 0) + (validation ?? 0), testImages: test };
}

async function recorded(path: string) {
  const name = join(path, file);
  let text: string;
  try {
    text = await readFile(name, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileError('read', name, error as NodeJS.ErrnoException, 'the runs in the folder are untouched');
  }
  const { data } = record.safeParse(attempt(text));
  const isInOrder = data?.results.every(({ fold }, i) => fold === i + 1) && data.results.length <= data.folds;
  if (data && isInOrder) return { folds: data.folds, results: data.results as unknown as readonly FoldResult[] };
  throw new CheckpointError(
    `${name}: expected the results of a cross validation, but it is something else`,
    'the file is damaged; each fold’s run beside it is complete in itself',
  );
}

function attempt(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
