/** A run that was interrupted and goes on ends in the same bytes as one that was not. */
import { appendFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Callback, densenet, flip, oneCycle, padCrop, type Run, type TrainOptions, train } from 'skein';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import type { SkeinError } from '../src/tensor/index.ts';

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
  labelSmoothing: 0.1,
  epochs: 3,
  batchSize: 12,
  seed: 4,
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

const resume = (name: string) => train({ ...options(name), resume: true });
const fileOf = (run: Run, file: string) => readFile(join(run.folder, file));
const metricsOf = async (run: Run) =>
  String(await fileOf(run, 'metrics.jsonl'))
    .trimEnd()
    .split('\n')
    .map((line): { kind: string; step: number } => JSON.parse(line));

let whole: Run;
beforeAll(async () => {
  whole = await train(options('whole'));
});

async function expectSameAsWhole(run: Run): Promise<void> {
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
    expect((await fileOf(first, 'last.safetensors')).equals(await fileOf(whole, 'last.safetensors'))).toBe(false);
    await expectSameAsWhole(await resume('middle'));
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

  it('before its first step', async () => {
    await train({ ...options('at once'), signal: AbortSignal.abort() });
    await expectSameAsWhole(await resume('at once'));
  });

  it('every other step', async () => {
    let run = await train(interrupted('often', ({ step }) => step === 2));
    for (let stop = 4; run.stopped === 'interrupted' && stop <= 12; stop += 2)
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

test('a run that is over is only tested again when it is resumed', async () => {
  await cp(whole.folder, join(folder, 'over'), { recursive: true });
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
    ['another batch size', { batchSize: 10 }, 'batchSize 12, but is to go on with 10'],
    ['more epochs', { epochs: 5 }, 'epochs 3, but is to go on with 5'],
    ['another seed', { seed: 5 }, 'seed 4, but is to go on with 5'],
    ['another schedule', { lr: oneCycle({ lr: 0.2 }) }, 'schedule {'],
    ['less augmentation', { augment: [flip()] }, 'augment ['],
    ['another network', { model: densenet({ depth: 7, growth: 4 }) }, 'model {'],
  ])('is refused, naming the setting: %s', async (_, change, message) => {
    const error = await failure(change);
    expect(error.code).toBe('CONFIG');
    expect(error.message).toContain(`train: the run was started with ${message}`);
    expect(error.hint).toContain('or start a new run');
  });
});
