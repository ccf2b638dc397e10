/** Which engine a run takes by itself, what it records of it, and how it goes on. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Callback, densenet, type StartEvent, type TrainOptions, train } from 'skein';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { shapes } from '../examples/custom-dataset.ts';
import { chooseEngine } from '../src/engines/index.ts';
import type { SkeinError } from '../src/tensor/index.ts';
import { enginesHere } from './engines-here.ts';
import { skein } from './run-skein.ts';

const absent = enginesHere.length === 1;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-choice-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const hideOneDnn = () => vi.stubEnv('SKEIN_ONEDNN_LIB', join(folder, 'libdnnl.so.2'));

const failure = (running: Promise<unknown>): Promise<SkeinError> =>
  running.then(
    () => expect.fail('it should have failed'),
    (error: SkeinError) => error,
  );

describe('the engine auto', () => {
  it.skipIf(absent || process.arch !== 'x64')(
    'trains on oneDNN where it is found, and predicts on ONNX Runtime',
    async () => {
      expect(await chooseEngine('auto', 'train')).toMatchObject({
        engine: { name: 'onednn' },
        reason: expect.stringMatching(/^oneDNN \d\S+ found, the fastest for training here$/),
      });
      expect(await chooseEngine('auto', 'predict')).toMatchObject({ engine: { name: 'onnxruntime' } });
    },
  );

  it('trains on ONNX Runtime where no oneDNN can be used, and says why', async () => {
    hideOneDnn();
    const { engine, reason } = await chooseEngine('auto', 'train');
    expect(engine.name).toBe('onnxruntime');
    expect(reason).toMatch(
      /^oneDNN is left out: SKEIN_ONEDNN_LIB does not name a library that can be loaded, but `.*libdnnl.so.2`$/,
    );
  });

  it('says what bf16 needs where it is not there', async () => {
    hideOneDnn();
    const error = await failure(chooseEngine('auto', 'train', 'bf16'));
    expect(error.code).toBe('ENGINE');
    expect(error.message).toMatch(/^auto: precision bf16 needs the engine onednn, but SKEIN_ONEDNN_LIB does not/);
    expect(error.hint).toMatch(/, or leave --precision out: float32 works everywhere$/);
  });

  it('is not what a name means', async () => {
    hideOneDnn();
    expect(await chooseEngine('onednn', 'train')).toMatchObject({ engine: { name: 'onednn' } });
    expect((await chooseEngine('evaluator', 'predict')).reason).toBeUndefined();
  });
});

const data = {
  train: shapes({ name: 'train', length: 24, size: 12 }),
  validation: shapes({ name: 'validation', length: 9, size: 12 }),
  test: shapes({ name: 'test', length: 9, size: 12 }),
  normalisation: { mean: [0.3], std: [0.25] },
};

const options = (name: string): TrainOptions => ({
  model: densenet({ depth: 7, growth: 4 }),
  data,
  epochs: 2,
  batchSize: 12,
  threads: 1,
  out: join(folder, name),
});

const configOf = async (name: string) => parse(await readFile(join(folder, name, 'config.yaml'), 'utf8'));

/** Trains one of the two epochs. */
function half(name: string, more: Partial<TrainOptions> = {}) {
  const controller = new AbortController();
  const callback: Callback = { onEpoch: () => controller.abort() };
  return train({ ...options(name), ...more, callbacks: [callback], signal: controller.signal });
}

describe.skipIf(absent || process.arch !== 'x64')('a run on auto', () => {
  it('records its engines, and goes on with them to the same bytes', async () => {
    const started: StartEvent[] = [];
    const whole = await train({ ...options('whole'), callbacks: [{ onStart: (event) => void started.push(event) }] });
    expect(whole).toMatchObject({ engine: 'onednn', precision: 'float32' });
    expect(started).toMatchObject([{ engine: 'onednn', engineReason: expect.stringContaining('oneDNN') }]);
    const recorded = { engine: 'onednn', testEngine: 'onnxruntime', precision: 'float32', threads: 1 };
    expect(await configOf('whole')).toMatchObject(recorded);
    expect((await half('half')).stopped).toBe('interrupted');
    const resumed = await train({ ...options('half'), resume: true });
    expect(resumed).toMatchObject({ stopped: 'finished', engine: 'onednn', test: whole.test });
    const last = (name: string) => readFile(join(folder, name, 'last.safetensors'));
    expect((await last('half')).equals(await last('whole'))).toBe(true);
    expect(await configOf('half')).toEqual(await configOf('whole'));
  });

  it('goes on elsewhere only with another engine by name, and then keeps that', async () => {
    await half('moved');
    hideOneDnn();
    const error = await failure(train({ ...options('moved'), resume: true }));
    expect(error.message).toMatch(/^train: the run cannot go on with the engine onednn here: onednn: /);
    expect(error.hint).toContain('or go on with another engine: --engine auto (');
    const run = await train({ ...options('moved'), resume: true, engine: 'auto' });
    expect(run).toMatchObject({ stopped: 'finished', engine: 'onnxruntime' });
    const config = await configOf('moved');
    expect(config).toMatchObject({ engine: 'onnxruntime', precision: 'float32', epochs: 2 });
    expect(config).not.toHaveProperty('testEngine');
  });
});

describe('--precision', () => {
  it.each([
    [['--precision', 'float16'], 2, /Allowed choices are float32, bf16/],
    [
      ['--precision', 'bf16', '--engine', 'evaluator'],
      1,
      /evaluator: expected precision float32, but got bf16\n.*onednn/,
    ],
  ])('is refused where it cannot be had: %j', async (words, expected, message) => {
    const out = join(folder, 'refused');
    const { code, stderr } = await skein('train', 'resnet8', '--data', 'fashion-mnist-sample', '--out', out, ...words);
    expect([code, stderr]).toEqual([expected, expect.stringMatching(message)]);
  });

  it('must be one that there is, in code too', async () => {
    const wrong = { ...options('wrong'), precision: 'half' } as unknown as TrainOptions;
    expect((await failure(train(wrong))).message).toBe('train: `precision` must be float32 or bf16, but is half');
  });

  it('stays what it was when a run goes on', async ({ skip }) => {
    const bf16 = await chooseEngine('auto', 'train', 'bf16').catch(() => undefined);
    if (!bf16) return skip('needs oneDNN and a processor with bf16');
    expect(await half('bf16', { precision: 'bf16' })).toMatchObject({ engine: 'onednn', precision: 'bf16' });
    expect(await configOf('bf16')).toMatchObject({ engine: 'onednn', precision: 'bf16' });
    await cp(join(folder, 'bf16'), join(folder, 'bf16 moved'), { recursive: true });
    const run = await train({ ...options('bf16'), resume: true });
    expect(run).toMatchObject({ stopped: 'finished', precision: 'bf16' });
    expect(await readFile(run.report as string, 'utf8')).toContain('onednn, bf16, 1 thread');
    hideOneDnn();
    const error = await failure(train({ ...options('bf16 moved'), resume: true }));
    expect(error.hint).toContain('--engine auto --precision float32');
    const moved: Partial<TrainOptions> = { resume: true, engine: 'auto', precision: 'float32' };
    expect(await train({ ...options('bf16 moved'), ...moved })).toMatchObject({ precision: 'float32' });
  });
});
