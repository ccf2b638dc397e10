/** Cross validation as a user calls it: what it trains, keeps, goes on with and refuses. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  conv,
  crossValidate,
  defineNetwork,
  globalAveragePool,
  linear,
  type MemorySink,
  memorySink,
  relu,
} from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { parseSplit } from '../src/data/index.ts';
import type { CrossValidation } from '../src/train/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-folds-'));
});
afterAll(() => rm(folder, { recursive: true }));

const size = 12;
const split = (name: string, length: number) => shapes({ name, length, size });
const data = { train: split('train', 31), test: split('test', 9), normalisation: { mean: [0.3], std: [0.25] } };
const network = defineNetwork('own', (image, { classes }) =>
  linear(globalAveragePool(relu(conv(image, 4, { kernel: 3, bias: true }))), classes),
);
const options = { model: network, data, epochs: 2, lr: 0.05, engine: 'evaluator', seed: 3 };
const folds = 3;

/** Without where the runs are. */
const comparable = ({ results, best, last }: CrossValidation) => ({
  best,
  last,
  results: results.map(({ folder: _, ...result }) => result),
});

/** What is held out by the run in a fold's folder. */
async function heldOut(path: string): Promise<string[]> {
  const samples = parseSplit(path, await readFile(join(path, 'split.csv'), 'utf8'));
  return samples.filter((sample) => sample.split === 'validation').map(({ id }) => id);
}

describe('a cross validation', () => {
  let whole: CrossValidation;
  beforeAll(async () => {
    whole = await crossValidate({ ...options, out: join(folder, 'whole') }, { folds });
  });

  it('measures every training sample once, and the test split with each network', async () => {
    expect(whole).toMatchObject({ folds, stopped: 'finished', folder: join(folder, 'whole') });
    expect(whole.results.map(({ last }) => last.total)).toEqual([11, 10, 10]);
    expect(whole.last?.total).toBe(31);
    expect(whole.last?.correct).toBe(whole.results.reduce((sum, { last }) => sum + last.correct, 0));
    const mean = whole.results.reduce((sum, { last }) => sum + last.top1, 0) / folds;
    expect(whole.last?.mean).toBeCloseTo(mean, 12);
    expect(whole.results.every(({ test }) => test?.best.total === 9)).toBe(true);
    const all = await Promise.all(whole.results.map((result) => heldOut(result.folder)));
    expect(all.flat().sort()).toEqual(Array.from({ length: 31 }, (_, i) => String(i)).sort());
  });

  it('leaves a run folder for each fold, and what they come to', async () => {
    const files = await readdir(join(folder, 'whole'));
    expect(files.sort()).toEqual(['fold-1', 'fold-2', 'fold-3', 'folds.csv', 'folds.json']);
    expect(JSON.parse(await readFile(join(folder, 'whole', 'folds.json'), 'utf8'))).toMatchObject({
      folds,
      results: whole.results,
      last: whole.last,
    });
    const [head, ...rows] = (await readFile(join(folder, 'whole', 'folds.csv'), 'utf8')).trimEnd().split('\n');
    expect(head).toBe('fold,images,best_epoch,best_top1,last_epoch,last_top1,test_top1');
    expect(rows.length).toBe(folds);
    expect(await readFile(join(folder, 'whole', 'fold-2', 'config.yaml'), 'utf8')).toMatch(
      /fold:\n {2}number: 2\n {2}of: 3\n/,
    );
  });

  it('comes to the same in memory', async () => {
    const found = await crossValidate({ ...options, out: () => memorySink() }, { folds });
    expect(comparable(found)).toEqual(comparable(whole));
    expect(found.folder).toBeUndefined();
  });

  it('goes on where it was stopped, and trains no finished fold again', async () => {
    const out = join(folder, 'stopped');
    const stop = new AbortController();
    const onStep = ({ epoch }: { readonly epoch: number }) => {
      if (epoch === 2) stop.abort();
    };
    const callbacks = (fold: number) => (fold === 2 ? [{ onStep }] : []);
    const first = await crossValidate({ ...options, out, signal: stop.signal, callbacks }, { folds });
    expect(first).toMatchObject({ stopped: 'interrupted', last: undefined });
    expect(first.results.map(({ fold }) => fold)).toEqual([1]);

    const begun: [fold: number, step: number][] = [];
    const watch = (fold: number) => [
      { onStart: ({ step }: { readonly step: number }) => void begun.push([fold, step]) },
    ];
    const second = await crossValidate({ ...options, out, resume: true, callbacks: watch }, { folds });
    expect(begun).toEqual([
      [2, 3],
      [3, 0],
    ]);
    expect(comparable(second)).toEqual(comparable(whole));
    const weights = async (run: string) =>
      (await loadCheckpoint(join(folder, run, 'fold-2', 'last.safetensors'))).tensors;
    expect(await weights('stopped')).toEqual(await weights('whole'));
  });

  it('is not mixed with another', async () => {
    const out = join(folder, 'whole');
    await expect(crossValidate({ ...options, out }, { folds })).rejects.toThrow('already holds a cross validation');
    await expect(crossValidate({ ...options, out, resume: true }, { folds: 4 })).rejects.toThrow(
      'was started with 3 folds, but is to go on with 4',
    );
    // the second fold ends before it has saved anything
    const [one, cut] = [{ ...options, epochs: 1, out: join(folder, 'one') }, new Error('cut off')];
    const callbacks = (fold: number) => (fold === 1 ? [] : [{ onStart: () => expect.fail(cut.message) }]);
    await expect(crossValidate({ ...one, callbacks }, { folds })).rejects.toThrow(cut.message);
    await expect(crossValidate({ ...one, lr: 0.5, resume: true }, { folds })).rejects.toThrow(
      /started with `schedule`/,
    );
    const fewer = { ...data, train: split('train', 30) };
    await expect(crossValidate({ ...one, data: fewer, resume: true }, { folds })).rejects.toThrow(
      'started with `images` 31, but is to go on with 30',
    );
    expect(await crossValidate({ ...one, resume: true }, { folds })).toMatchObject({ stopped: 'finished' });
  });
});

describe('all folds have the batch size and the rate of the first', () => {
  const network = defineNetwork('small', (image, { classes }) => linear(globalAveragePool(image), classes));
  const small = (length: number) => ({
    ...data,
    test: shapes({ name: 'test', length: 3, size: 8 }),
    train: shapes({ name: 'train', length, size: 8 }),
  });
  // the first fold trains on one image fewer than the second, which alone would have larger batches
  const either = [
    { length: 1279, batchSize: undefined, expected: 16 },
    { length: 511, batchSize: 'auto', expected: 8 },
  ] as const;

  it.each(either)('of $length images, with batch size $batchSize', async ({ length, batchSize, expected }) => {
    const { lr: _, ...rest } = options;
    const asked = { ...rest, model: network, data: small(length), epochs: 1, ...(batchSize && { batchSize }) };
    const steps = (sink: MemorySink) => [sink.config?.samples, sink.config?.batchSize, sink.config?.schedule];
    const sinks = [memorySink(), memorySink()];
    await crossValidate({ ...asked, out: (fold) => sinks[fold - 1] as MemorySink }, { folds: 2 });
    const [first, second] = sinks.map(steps);
    const schedule = expect.objectContaining({ lr: (0.1 * expected) / 128 });
    expect(first).toEqual([Math.floor(length / 2), expected, schedule]);
    expect(second).toEqual([Math.ceil(length / 2), expected, schedule]);

    const out = join(folder, `either-${length}`);
    const callbacks = (fold: number) => (fold === 1 ? [] : [{ onStart: () => expect.fail('cut off') }]);
    await expect(crossValidate({ ...asked, out, callbacks }, { folds: 2 })).rejects.toThrow('cut off');
    // what decides no number may change
    const machine = { keep: 1, saveMinutes: 3, cache: 'off' };
    await crossValidate({ ...asked, ...machine, out, resume: true }, { folds: 2 });
    expect((await readFile(join(out, 'fold-2', 'config.yaml'), 'utf8')).split('\n')).toEqual(
      expect.arrayContaining([`batchSize: ${expected}`, 'keep: 1']),
    );
  });

  it('where a batch is all images of the first', async () => {
    const all = { ...options, epochs: 1, batchSize: 20 };
    const found = await crossValidate({ ...all, out: join(folder, 'all') }, { folds });
    expect(found.stopped).toBe('finished');
  });
});

describe('it refuses', () => {
  it.each([
    [{ findLr: true }, '`findLr` would look for another in each'],
    [{ maxMinutes: 1 }, 'with `maxMinutes` 1 each would have its own'],
    [{ maxSteps: 9 }, 'with `maxSteps` 9 each would have its own'],
  ])('what each fold would settle otherwise, before any trains: %j', async (more, message) => {
    const out = join(folder, 'open');
    await expect(crossValidate({ ...options, ...more, out }, { folds })).rejects.toThrow(message);
    expect(await readdir(folder)).not.toContain('open');
  });

  it('data that brings validation images', async () => {
    const out = join(folder, 'refused');
    const brought = { ...data, validation: split('validation', 6) };
    await expect(crossValidate({ ...options, data: brought, out }, { folds })).rejects.toThrow(
      'train brings validation images of its own',
    );
    // nothing is left of it
    expect(await readdir(folder)).not.toContain('refused');
  });

  it('more folds than a class has samples, and fewer than two', async () => {
    const out = () => memorySink();
    await expect(crossValidate({ ...options, out }, { folds: 11 })).rejects.toThrow(
      'expected at least 11 samples of each class for 11 folds, but `train` has 10 of `square`',
    );
    await expect(crossValidate({ ...options, out }, { folds: 1 })).rejects.toThrow('at least 2, but is 1');
  });

  it('a folder whose results are damaged', async () => {
    const out = join(folder, 'whole');
    await writeFile(join(out, 'folds.json'), '{"folds":3,"results":[{"fold":2}]}');
    await expect(crossValidate({ ...options, out, resume: true }, { folds })).rejects.toThrow(
      'folds.json: expected the results of a cross validation, but it is something else',
    );
  });
});
