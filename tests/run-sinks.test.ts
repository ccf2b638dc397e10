/** A run's results in memory: the same as in a folder, and nothing on disk. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  averagePool,
  batchNorm,
  type Callback,
  conv,
  defineNetwork,
  dropout,
  flatten,
  flip,
  linear,
  type MemorySink,
  memorySink,
  padCrop,
  type Run,
  type RunSink,
  relu,
  type Schedule,
  saveCheckpoint,
  type TrainOptions,
  train,
} from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shapes } from '../examples/custom-dataset.ts';
import { type Checkpoint, loadCheckpoint } from '../src/checkpoint/index.ts';
import { type Engine, evaluator } from '../src/engines/index.ts';
import { EngineError, type SkeinError } from '../src/tensor/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-sinks-'));
});
afterAll(() => rm(folder, { recursive: true }));

const data = {
  train: shapes({ name: 'train', length: 40, size: 8 }),
  validation: shapes({ name: 'validation', length: 15, size: 8 }),
  test: shapes({ name: 'test', length: 15, size: 8 }),
  normalisation: { mean: [0.3], std: [0.25] },
};
/** Small, and different at each step: it drops out. */
const own = defineNetwork('own', (image, { classes }) => {
  const x = relu(batchNorm(conv(image, 4, { kernel: 3 })));
  return linear(dropout(flatten(averagePool(x, { kernel: 4 })), 0.2), classes);
});

const epochs = 4;
/** Batches of an epoch. */
const steps = 4;

/** A rate that is much too high at the end, so that the best epoch is not the last. */
const options = (out: string | RunSink): TrainOptions => ({
  model: own,
  data,
  augment: [padCrop({ pad: 1 }), flip()],
  lr: { name: 'late', options: {}, rate: (step) => (step < 2 * steps ? 0.1 : 50) },
  epochs,
  batchSize: 12,
  seed: 3,
  engine: 'evaluator',
  out,
});

const failure = async (running: Promise<unknown>): Promise<SkeinError> =>
  running.then(
    () => expect.fail('it should have failed'),
    (error: SkeinError) => error,
  );

/** Without what clocks say, how much of an epoch one call did, and where it was kept. */
const timeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, part) =>
    ['seconds', 'images', 'imagesPerSecond', 'waiting', 'folder', 'report'].includes(key) ? undefined : part,
  );

const bytesOf = async (name: string, checkpoint: Checkpoint | undefined) => {
  const path = join(folder, `${name}.safetensors`);
  await saveCheckpoint(path, checkpoint as Checkpoint);
  return readFile(path);
};

// not toEqual, which prints all bytes
const expectSame = (one: Buffer, other: Buffer) => expect(one.equals(other)).toBe(true);

const measuredIn = async (path: string): Promise<unknown[]> => {
  const lines = String(await readFile(join(path, 'metrics.jsonl'))).trimEnd();
  return lines.split('\n').map((line) => JSON.parse(line));
};

/** Ends the run after the step. */
const until = (last: number): Pick<TrainOptions, 'callbacks' | 'signal'> => {
  const controller = new AbortController();
  const onStep: Callback['onStep'] = ({ step }) => step === last && controller.abort();
  return { callbacks: [{ onStep }], signal: controller.signal };
};

/** What `act` leaves in an empty working directory. */
async function leftBy(act: () => Promise<unknown>): Promise<string[]> {
  const [before, empty] = [process.cwd(), await mkdtemp(join(folder, 'empty-'))];
  process.chdir(empty);
  try {
    await act();
    return await readdir(empty);
  } finally {
    process.chdir(before);
  }
}

describe('a run in memory', () => {
  const sink = memorySink();
  let [inFolder, inMemory]: Run[] = [];
  beforeAll(async () => {
    inFolder = await train(options(join(folder, 'run')));
    inMemory = await train(options(sink));
  });
  const file = (name: string) => readFile(join(folder, 'run', name));

  it('has the last and the best checkpoint of the same run in a folder, tensor for tensor', async () => {
    expect(sink.best?.training?.epoch).toBeLessThan(epochs);
    for (const which of ['last', 'best'] as const) {
      const saved = await loadCheckpoint(join(folder, 'run', `${which}.safetensors`));
      const kept = sink[which] as Checkpoint;
      expect([...kept.tensors.keys()].sort()).toEqual([...saved.tensors.keys()].sort());
      for (const [name, tensor] of saved.tensors) expect(kept.tensors.get(name), name).toEqual(tensor);
      expectSame(await bytesOf(which, kept), await file(`${which}.safetensors`));
    }
  });

  it('ends as the run in the folder does, and calls itself by its sink', () => {
    expect(timeless(inMemory)).toEqual(timeless(inFolder));
    expect(inMemory).toMatchObject({ folder: 'memory', report: undefined, stopped: 'finished' });
    expect(sink.page).toBeUndefined();
  });

  it('has the measurements, the results and the configuration that the folder has', async () => {
    const lines = String(await file('metrics.jsonl'))
      .trimEnd()
      .split('\n');
    expect(timeless(sink.measurements)).toEqual(timeless(lines.map((line) => JSON.parse(line))));
    expect(sink.measurements.map(({ kind }) => kind)).toEqual(['epoch', 'epoch', 'epoch', 'epoch', 'test']);
    const rows = String(await file('results.csv'))
      .trimEnd()
      .split('\n')
      .slice(1);
    expect(
      sink.epochs.map(({ epoch, train, validation, lr }) =>
        [epoch, train.loss, train.top1, validation.loss, validation.top1, lr].join(','),
      ),
    ).toEqual(rows);
    expect(sink.config).toEqual(parse(String(await file('config.yaml'))));
  });

  it('is not written over, and gives its place to one run at a time', async () => {
    const { last } = sink;
    expect(await failure(train(options(sink)))).toMatchObject({
      code: 'CONFIG',
      message: 'train: the memory sink already holds a run',
      hint: expect.stringContaining('resume: true'),
    });
    expect(sink.last).toBe(last);
    const shared = memorySink();
    const [first, second] = await Promise.allSettled([train(options(shared)), train(options(shared))]);
    const failed = [first, second].filter(({ status }) => status === 'rejected');
    expect(failed).toMatchObject([{ reason: { message: 'train: another run is using this memory sink' } }]);
    expectSame(await bytesOf('shared', shared.last), await file('last.safetensors'));
  });
});

describe('on disk', () => {
  it('a run in memory leaves nothing, with its report or without; one without a sink makes its folder', async () => {
    const [plain, reported] = [memorySink(), memorySink({ report: true })];
    expect(await leftBy(() => train({ ...options(plain), epochs: 1 }))).toEqual([]);
    expect(await leftBy(() => train({ ...options(reported), epochs: 1 }))).toEqual([]);
    expect(plain.page).toBeUndefined();
    expect(reported.page).toMatch(/^<!doctype html>/i);
    const { out: _, ...unnamed } = options('');
    expect(await leftBy(() => train({ ...unnamed, epochs: 1 }))).toEqual(['runs']);
  });
});

describe('going on in memory', () => {
  const whole = memorySink();
  beforeAll(() => train(options(whole)));

  const stopAt = (step: number) => (step === 0 ? { signal: AbortSignal.abort() } : until(step));
  const stops = [
    ['at once', 0],
    ['in the middle of an epoch', 6],
    ['before an epoch is measured', 2 * steps],
  ] as const;

  it.each(stops)('%s ends in the same bytes as a run that goes on in a folder', async (name, step) => {
    const sink = memorySink();
    const path = join(folder, name);
    for (const out of [sink, path]) {
      expect((await train({ ...options(out), ...stopAt(step) })).stopped).toBe('interrupted');
      expect(await train({ ...options(out), resume: true })).toMatchObject({ stopped: 'finished' });
    }
    for (const which of ['last', 'best'] as const)
      expectSame(await bytesOf('resumed', sink[which]), await readFile(join(path, `${which}.safetensors`)));
    expect(timeless(sink.measurements)).toEqual(timeless(await measuredIn(path)));
  });

  it.each(stops)('%s ends in the same bytes as a run that was not interrupted', async (_, step) => {
    const more = { epochs: 3, lr: 0.1 };
    const [never, once] = [memorySink(), memorySink()];
    await train({ ...options(never), ...more });
    await train({ ...options(once), ...more, ...stopAt(step) });
    expect(once.last?.training?.step).toBe(step);
    await train({ ...options(once), ...more, resume: true });
    for (const which of ['last', 'best'] as const)
      expectSame(await bytesOf('once', once[which]), await bytesOf('never', never[which]));
    expect(timeless(once.measurements)).toEqual(timeless(never.measurements));
    expect(once.epochs).toEqual(never.epochs);
    expect(once.config).toEqual(never.config);
  });

  it('takes again what was measured after the last checkpoint', async () => {
    const sink = memorySink();
    const failing = new Proxy(sink, {
      get(target, key) {
        const found: unknown = Reflect.get(target, key, target);
        if (key !== 'save') return typeof found === 'function' ? found.bind(target) : found;
        return async (which: 'last' | 'best', checkpoint: Checkpoint) => {
          if (which === 'last' && checkpoint.training?.epoch === 2) throw new Error('the store is full');
          await target.save(which, checkpoint);
        };
      },
    });
    expect((await failure(train(options(failing)))).message).toBe('the store is full');
    expect(sink.measurements.map(({ step }) => step)).toEqual([steps, 2 * steps]);
    await train({ ...options(sink), resume: true });
    expect(sink.measurements.map(({ kind, step }) => [kind, step / steps])).toEqual([
      ...[1, 2, 3, 4].map((epoch) => ['epoch', epoch]),
      ['test', 4],
    ]);
  });

  it('takes the engine that the sink recorded, unless another is named', async () => {
    const sink = memorySink();
    await train({ ...options(sink), ...until(2) });
    const { engine: _, ...open } = options(sink);
    expect(await train({ ...open, ...until(3), resume: true })).toMatchObject({ engine: 'evaluator' });
    expect(sink.config).toEqual({ ...whole.config, engine: 'evaluator' });
  });

  it('is refused where the sink holds no run, or one with other options', async () => {
    expect(await failure(train({ ...options(memorySink()), resume: true }))).toMatchObject({
      code: 'CONFIG',
      message: 'train: the memory sink holds no run to go on with',
    });
    const error = await failure(train({ ...options(whole), batchSize: 10, resume: true }));
    expect(error.message).toContain('was started with `batchSize` 12');
  });

  it('leaves a checkpoint that somebody holds as it was', async () => {
    const sink = memorySink();
    const held: (Checkpoint | undefined)[] = [];
    await train({ ...options(sink), callbacks: [{ onEpoch: () => void held.push(sink.last) }] });
    expect(held.map((checkpoint) => checkpoint?.training?.history?.length)).toEqual([1, 2, 3, 4]);
    expectSame(await bytesOf('held', held.at(-1)), await bytesOf('whole', whole.last));
  });
});

describe('a failure', () => {
  /** Well for `good` steps, then one that throws the weights far away. */
  const explode = (good: number): Schedule => ({
    name: 'explode',
    options: {},
    rate: (step) => (step < good ? 0.05 : 1e300),
  });
  const hintOf = async (out: string | RunSink, good: number) =>
    (await failure(train({ ...options(out), lr: explode(good) }))).hint;

  it('of the numbers says what is kept: nothing yet, an epoch in memory, or a folder', async () => {
    const [none, some, path] = [memorySink(), memorySink(), join(folder, 'exploded')];
    const advice = 'try a lower --lr or a warm-up';
    expect(await hintOf(none, 1)).toBe(advice);
    expect(none.last).toBeUndefined();
    expect(await hintOf(some, steps)).toBe(`${advice}; memory keeps the run as it was after epoch 1`);
    expect(some.last?.training?.step).toBe(steps);
    expect(await hintOf(path, steps)).toBe(`${advice}; ${path} keeps the run as it was after epoch 1`);
  });

  it('before the first checkpoint leaves the sink to the next run, which begins afresh', async () => {
    const sink = memorySink();
    await hintOf(sink, 1);
    await train({ ...options(sink), epochs: 1 });
    expect(sink.measurements.map(({ kind }) => kind)).toEqual(['epoch', 'test']);
  });

  it('of the engine says the same, and lets go of the sink', async () => {
    let runs = 0;
    const failing: Engine = {
      ...evaluator,
      compile: async (...given) => {
        const executable = await evaluator.compile(...given);
        const run: typeof executable.run = (entry, inputs) => {
          if (entry === 'step' && ++runs === steps + 2) throw new EngineError('it is gone', 'start it again');
          return executable.run(entry, inputs);
        };
        return { ...executable, run };
      },
    };
    const sink = memorySink();
    expect(await failure(train({ ...options(sink), engine: failing }))).toMatchObject({
      code: 'ENGINE',
      message: 'it is gone',
      hint: 'start it again; memory keeps the run as it was after epoch 1',
    });
    expect(await train({ ...options(sink), resume: true })).toMatchObject({ stopped: 'finished' });
  });
});

/** `sink`, and the names of what is called on it, one after the other. */
function watched(sink: MemorySink): { sink: RunSink; calls: string[] } {
  const calls: string[] = [];
  const told = new Proxy(sink, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key, target);
      if (typeof found !== 'function') return found;
      return (...given: unknown[]) => {
        calls.push(key === 'save' || key === 'load' ? `${key} ${given[0]}` : String(key));
        return found.apply(target, given);
      };
    },
  });
  return { sink: told, calls };
}

describe('a sink of one’s own', () => {
  it('is told in order, and best before last', async () => {
    const { sink, calls } = watched(memorySink());
    await train({ ...options(sink), epochs: 1 });
    expect(calls).toEqual([
      'take',
      'begin',
      ...['log', 'results', 'save best', 'save last'],
      ...['log', 'report', 'leave'],
    ]);
    calls.length = 0;
    await train({ ...options(sink), epochs: 1, resume: true });
    expect(calls).toEqual(['take', 'load last', 'split', 'recorded', 'goOn', 'log', 'report', 'leave']);
  });

  it('is left whatever happens', async () => {
    const { sink, calls } = watched(memorySink());
    await failure(train({ ...options(sink), engine: { ...evaluator, compile: () => expect.fail('no') } }));
    expect(calls).toEqual(['take', 'leave']);
  });

  it('ends the run where it cannot keep what it is given', async () => {
    const { sink } = watched(memorySink());
    const full: RunSink = new Proxy(sink, {
      get: (target, key) =>
        key === 'save' ? () => Promise.reject(new Error('the store is full')) : Reflect.get(target, key, target),
    });
    expect((await failure(train(options(full)))).message).toBe('the store is full');
  });
});
