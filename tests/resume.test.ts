/** A run that was interrupted and goes on ends in the same bytes as one that was not. */

import { appendFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Callback,
  type Dataset,
  densenet,
  flip,
  oneCycle,
  padCrop,
  type Run,
  type TrainOptions,
  train,
} from 'skein';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { loadCheckpoint, saveCheckpoint } from '../src/checkpoint/index.ts';
import { crossEntropy } from '../src/objectives/index.ts';
import type { SkeinError } from '../src/tensor/index.ts';
import { distance } from './distance.ts';
import { enginesHere } from './engines-here.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-resume-'));
});
afterAll(() => rm(folder, { recursive: true }));

// 40 training samples in batches of 12: three full ones and one that is filled up, in each of three epochs
const data = {
  train: shapes({ name: 'train', length: 40, size: 12 }),
  validation: shapes({ name: 'validation', length: 15, size: 12 }),
  test: shapes({ name: 'test', length: 15, size: 12 }),
  normalisation: { mean: [0.3], std: [0.25] },
};

const options = (name: string): TrainOptions => ({
  model: densenet({ depth: 7, growth: 4, dropout: 0.2 }),
  data,
  augment: [padCrop({ pad: 2 }), flip()],
  lr: oneCycle({ lr: 0.1 }),
  loss: crossEntropy({ labelSmoothing: 0.1 }),
  epochs: 3,
  batchSize: 12,
  seed: 4,
  engine: 'onnxruntime',
  threads: 1,
  out: join(folder, name),
});

/** Options under which the run is interrupted as soon as `when` is true of a step or an epoch. */
function interrupted(name: string, when: (at: { step?: number; epoch: number }) => boolean): TrainOptions {
  const controller = new AbortController();
  const check = (at: { step?: number; epoch: number }): void => {
    if (when(at)) controller.abort();
  };
  const callback: Callback = { onStep: check, onEpoch: ({ epoch }) => check({ epoch }) };
  return { ...options(name), callbacks: [callback], signal: controller.signal };
}

/** Options under which the run is interrupted when `split` is evaluated for the `round`th time, in its second batch. */
function interruptedReading(name: string, split: 'validation' | 'test', round: number): TrainOptions {
  const controller = new AbortController();
  let reads = 0;
  const dataset: Dataset = {
    ...data[split],
    read: (index) => {
      if (index === 13 && ++reads === round) controller.abort();
      return data[split].read(index);
    },
  };
  return { ...options(name), data: { ...data, [split]: dataset }, signal: controller.signal };
}

const resume = (name: string) => train({ ...options(name), resume: true });
const fileOf = (run: Run, file: string) => readFile(join(run.folder, file));
const metricsOf = async (run: Run) =>
  String(await fileOf(run, 'metrics.jsonl'))
    .trimEnd()
    .split('\n')
    .map((line): { kind: string; step: number } => JSON.parse(line));

let uninterrupted: Run;
beforeAll(async () => {
  uninterrupted = await train(options('whole'));
});

async function expectSameAsWhole(run: Run, whole: Run = uninterrupted): Promise<void> {
  expect(run.stopped).toBe('finished');
  for (const file of ['last.safetensors', 'best.safetensors'])
    expect((await fileOf(run, file)).equals(await fileOf(whole, file)), file).toBe(true);
  for (const file of ['results.csv', 'config.yaml'])
    expect(String(await fileOf(run, file))).toBe(String(await fileOf(whole, file)));
  expect(run.best).toEqual(whole.best);
  expect(run.test).toEqual(whole.test);
  const kinds = async (of: Run) => (await metricsOf(of)).map(({ kind, step }) => [kind, step]);
  expect(await kinds(run)).toEqual(await kinds(whole));
}

describe('an interrupted run that goes on ends as if nothing had happened', () => {
  it('in the middle of an epoch', async () => {
    const first = await train(interrupted('middle', ({ step }) => step === 6));
    expect(first.stopped).toBe('interrupted');
    expect((await fileOf(first, 'last.safetensors')).equals(await fileOf(uninterrupted, 'last.safetensors'))).toBe(
      false,
    );
    const rest = await resume('middle');
    expect(rest.epochs.map(({ images }) => images)).toEqual([16, 40]);
    await expectSameAsWhole(rest);
  });

  it('after an epoch', async () => {
    const first = await train(interrupted('epoch', ({ step, epoch }) => step === undefined && epoch === 2));
    expect(first.stopped).toBe('interrupted');
    expect(first.epochs).toHaveLength(2);
    await expectSameAsWhole(await resume('epoch'));
  });

  it('at the last step of an epoch, before its validation', async () => {
    const first = await train(interrupted('last step', ({ step }) => step === 4));
    expect(first.stopped).toBe('interrupted');
    await expectSameAsWhole(await resume('last step'));
  });

  it.each([
    ['the second', 2, 2],
    ['the last', 3, 3],
  ])('in the middle of the validation of %s epoch', async (_, epoch, stopped) => {
    const name = `validation ${epoch}`;
    const first = await train(interruptedReading(name, 'validation', epoch));
    expect(first).toMatchObject({ stopped: 'interrupted', test: undefined });
    expect(first.epochs).toHaveLength(stopped - 1);
    await expectSameAsWhole(await resume(name));
  });

  it('in the middle of the test', async () => {
    const first = await train(interruptedReading('test', 'test', 1));
    expect(first).toMatchObject({ stopped: 'interrupted', test: undefined, report: undefined });
    expect(first.epochs).toHaveLength(3);
    await expectSameAsWhole(await resume('test'));
  });

  it('before its first step', async () => {
    await train({ ...options('at once'), signal: AbortSignal.abort() });
    await expectSameAsWhole(await resume('at once'));
  });

  it('every other step', async () => {
    let run = await train(interrupted('often', ({ step }) => step === 2));
    for (let stop = 4; run.stopped === 'interrupted' && stop <= 14; stop += 2)
      run = await train({ ...interrupted('often', ({ step }) => step === stop), resume: true });
    await expectSameAsWhole(run);
  });

  it('also if it had died after its last save, with later measurements already written', async () => {
    const die: Callback = {
      onStep: ({ step }) => {
        if (step === 10) throw new Error('power cut');
      },
    };
    await expect(train({ ...options('died'), callbacks: [die] })).rejects.toThrow('power cut');
    await appendFile(join(folder, 'died', 'metrics.jsonl'), '{"kind":"step","epoch":3,"step":10}\n{"kind":"st');
    await expectSameAsWhole(await resume('died'));
  });
});

describe.each(enginesHere)('on the engine $name, a run', (engine) => {
  it('that was interrupted in the middle of an epoch ends in the same bytes', async () => {
    const name = `${engine.name} middle`;
    const reference = await train({ ...options(`${engine.name} whole`), engine });
    const first = await train({ ...interrupted(name, ({ step }) => step === 6), engine });
    expect(first.stopped).toBe('interrupted');
    await expectSameAsWhole(await train({ ...options(name), engine, resume: true }), reference);
  });

  it.each(enginesHere.filter((other) => other !== engine))('goes on on the engine $name', async (other) => {
    const name = `${engine.name} to ${other.name}`;
    await train({ ...interrupted(name, ({ step }) => step === 6), engine });
    const run = await train({ ...options(name), engine: other, resume: true });
    expect(run.stopped).toBe('finished');
    const weights = async (of: Run) => (await loadCheckpoint(join(of.folder, 'last.safetensors'))).tensors;
    const [expected, found] = [await weights(uninterrupted), await weights(run)];
    // both round in their own way
    for (const [entry, tensor] of expected) expect(distance(found.get(entry), tensor), entry).toBeLessThan(1e-2);
  });
});

test('a run that is over is only tested again when it is resumed', async () => {
  await cp(uninterrupted.folder, join(folder, 'over'), { recursive: true });
  const run = await resume('over');
  expect(run.epochs).toEqual([]);
  await expectSameAsWhole(run);
});

describe('resuming with other options', () => {
  const failure = (change: Partial<TrainOptions>) =>
    train({ ...options('whole'), resume: true, ...change }).then(
      () => expect.fail('it should have been refused'),
      (error: SkeinError) => error,
    );

  it.each<[string, Partial<TrainOptions>, string]>([
    ['another batch size', { batchSize: 10 }, '`batchSize` 12, but is to go on with 10'],
    ['more epochs', { epochs: 5 }, '`epochs` 3, but is to go on with 5'],
    ['another seed', { seed: 5 }, '`seed` 4, but is to go on with 5'],
    ['another schedule', { lr: oneCycle({ lr: 0.2 }) }, '`schedule` oneCycle:lr=0.1'],
    [
      'less augmentation',
      { augment: [flip()] },
      '`augment` padCrop:pad=2,fill=0,flip:probability=0.5, but is to go on with flip:probability=0.5',
    ],
    [
      'no augmentation',
      { augment: [] },
      '`augment` padCrop:pad=2,fill=0,flip:probability=0.5, but is to go on with none',
    ],
    ['another network', { model: densenet({ depth: 7, growth: 4 }) }, '`model` densenet'],
  ])('is refused, naming the setting: %s', async (_, change, message) => {
    const error = await failure(change);
    expect(error.code).toBe('CONFIG');
    expect(error.message).toContain(`train: the run was started with ${message}`);
    expect(error.hint).toContain('start a new run');
    expect(error.message).not.toMatch(/[{}[\]]/);
  });
});

test('a run that diverges says nothing of its folder at first, and what it keeps later', async () => {
  const sudden = { name: 'sudden', options: {} };
  const diverging = (out: string, from: number) =>
    train({ ...options(out), lr: { ...sudden, rate: (step) => (step < from ? 0.01 : 1e38) } }).then(
      () => expect.fail('it should have diverged'),
      (error: SkeinError) => [error.code, error.hint],
    );
  expect(await diverging('no step', 0)).toEqual(['TRAINING', 'try a lower --lr or a warm-up']);
  expect(await diverging('two steps', 2)).toEqual(['TRAINING', 'try a lower --lr or a warm-up']);
  const later = join(folder, 'later');
  expect(await diverging('later', 4)).toEqual([
    'TRAINING',
    `try a lower --lr or a warm-up; ${later} keeps the run as it was after epoch 1`,
  ]);
  expect((await loadCheckpoint(join(later, 'last.safetensors'))).training?.epoch).toBe(1);
});

describe('a run folder', () => {
  it('is refused while a run writes to it, to a new run and to another resume', async () => {
    const failures: string[] = [];
    const others: Promise<unknown>[] = [];
    const tryOthers = () => {
      for (const resume of [false, true])
        others.push(
          train({ ...options('busy'), resume }).then(
            () => failures.push('it was let in'),
            (error: SkeinError) => failures.push(`${error.code} ${error.message}`),
          ),
        );
    };
    const callback: Callback = { onStep: ({ step }) => (step === 1 || step === 6 ? tryOthers() : undefined) };
    const run = await train({ ...options('busy'), callbacks: [callback] });
    await Promise.all(others);
    expect(failures).toHaveLength(4);
    const busy = `expected a run folder that no other run writes to, but process ${process.pid} does`;
    expect(failures.filter((message) => message.includes(busy)).length).toBeGreaterThanOrEqual(2);
    for (const message of failures) expect(message).toMatch(/^CONFIG .*(no other run|already holds|holds no run)/);
    await expectSameAsWhole(run);
  });

  it('is given to one of two runs that start at the same moment', async () => {
    const both = await Promise.allSettled([train(options('same')), train(options('same'))]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const result of both) if (result.status === 'fulfilled') await expectSameAsWhole(result.value);
  });

  it('goes away again where the run could not begin', async () => {
    const engine = { name: 'none', compile: () => Promise.reject(new Error('no engine today')) };
    await expect(train({ ...options('empty'), engine })).rejects.toThrow('no engine today');
    expect(await readdir(folder)).not.toContain('empty');
  });

  it('is cleared of what a run that died was writing', async () => {
    await cp(uninterrupted.folder, join(folder, 'cleared'), { recursive: true });
    // no process has this id: Linux gives out at most 2²²
    const leftover = '.skein-99999999-01234567-89ab-cdef-0123-456789abcdef.tmp';
    await appendFile(join(folder, 'cleared', leftover), 'a part');
    const { folder: path } = await resume('cleared');
    expect((await readdir(path)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('an engine that is killed', () => {
  const children = async () =>
    (await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')).trim().split(' ').filter(Boolean).map(Number);

  it('ends the run with one error, leaves what was saved, and the run can go on', async () => {
    const before = await children();
    let saved: Promise<Buffer> | undefined;
    const callback: Callback = {
      onStep: async ({ step }) => {
        if (step !== 6) return;
        saved = readFile(join(folder, 'killed', 'last.safetensors'));
        for (const pid of await children()) if (!before.includes(pid)) process.kill(pid, 'SIGKILL');
      },
    };
    await expect(train({ ...options('killed'), callbacks: [callback] })).rejects.toThrow(
      expect.objectContaining({
        code: 'ENGINE',
        message: expect.stringContaining("the engine's process ended (SIGKILL)"),
        hint: expect.stringContaining(`${join(folder, 'killed')} keeps the run as it was after epoch `),
      }),
    );
    expect((await readdir(join(folder, 'killed'))).sort()).toEqual(
      ['best.safetensors', 'config.yaml', 'last.safetensors', 'metrics.jsonl', 'results.csv', 'split.csv'].sort(),
    );
    expect((await readFile(join(folder, 'killed', 'last.safetensors'))).equals((await saved) as Buffer)).toBe(true);
    await expectSameAsWhole(await resume('killed'));
  });
});

describe('a checkpoint that says something impossible about its run', () => {
  it.each<[string, object]>([
    ['more epochs than the run has', { epoch: 9, step: 36 }],
    ['a step of another epoch', { step: 3 }],
    ['samples of an epoch that has not begun', { partial: { loss: 1, correct: 1, count: 12 } }],
    ['too few measurements', { history: [] }],
    ['measurements of another kind', { history: [1, null, {}] }],
    ['no best epoch', { best: undefined }],
    ['a best epoch to come', { best: { epoch: 4, top1: 1 } }],
  ])('is refused, and stays as it is: %s', async (name, change) => {
    const path = join(folder, name);
    await cp(uninterrupted.folder, path, { recursive: true });
    const file = join(path, 'last.safetensors');
    const checkpoint = await loadCheckpoint(file);
    const training = { ...checkpoint.training, ...change } as NonNullable<typeof checkpoint.training>;
    await saveCheckpoint(file, { ...checkpoint, training });
    const before = await readFile(file);
    await expect(train({ ...options(name), resume: true })).rejects.toThrow(
      expect.objectContaining({
        code: 'CHECKPOINT',
        message: expect.stringContaining(`${file}: expected a place in a run of 3 epochs with 4 steps each, but got`),
      }),
    );
    expect((await readFile(file)).equals(before)).toBe(true);
  });
});
