/** What a run saves besides its last and its best epoch, and when. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { averagePool, conv, defineNetwork, flatten, linear } from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../src/checkpoint/index.ts';
import type { SkeinError } from '../src/tensor/index.ts';
import { type MemorySink, memorySink, type RunSink, type TrainOptions, train } from '../src/train/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-saving-'));
});
afterAll(() => rm(folder, { recursive: true }));

const own = defineNetwork('own', (image, { classes }) =>
  linear(flatten(averagePool(conv(image, 2, { kernel: 3 }), { kernel: 4 })), classes),
);

/** Four epochs of four steps. */
const options = (out: string | RunSink, more: Partial<TrainOptions> = {}): TrainOptions => ({
  model: own,
  data: {
    train: shapes({ name: 'train', length: 40, size: 8 }),
    validation: shapes({ name: 'validation', length: 15, size: 8 }),
    normalisation: { mean: [0.3], std: [0.25] },
  },
  epochs: 4,
  batchSize: 12,
  engine: 'evaluator',
  out,
  ...more,
});

const afterEachStep = { saveMinutes: 1e-9 };

/** Dies after the step, or at the end of the epoch's validation. */
const dying = (out: string | RunSink, at: { step?: number; epoch?: number }, more: Partial<TrainOptions> = {}) => {
  const die = () => {
    throw new Error('power cut');
  };
  const onStep = ({ step }: { step: number }) => step === at.step && die();
  const onEpoch = ({ epoch }: { epoch: number }) => (epoch === at.epoch ? die() : undefined);
  return expect(train(options(out, { callbacks: [{ onStep, onEpoch }], ...more }))).rejects.toThrow('power cut');
};

const bytesOf = async (checkpoint: Checkpoint | undefined): Promise<Buffer> => {
  const path = join(folder, 'bytes.safetensors');
  await saveCheckpoint(path, checkpoint as Checkpoint);
  return readFile(path);
};

async function expectSame(sink: MemorySink, other: MemorySink): Promise<void> {
  for (const which of ['last', 'best'] as const)
    expect((await bytesOf(sink[which])).equals(await bytesOf(other[which])), which).toBe(true);
  const told = ({ measurements }: MemorySink) => measurements.map(({ kind, step }) => `${kind} ${step}`);
  expect(told(sink)).toEqual(told(other));
}

describe('a run that is saved every few minutes', () => {
  it('has lost no step that was complete by then when it dies, and changes no byte', async () => {
    const [whole, sink] = [memorySink(), memorySink()];
    await train(options(whole));
    await dying(sink, { step: 7 }, afterEachStep);
    expect(sink.last?.training).toMatchObject({ epoch: 1, step: 6, partial: { count: 24 } });
    await train(options(sink, { ...afterEachStep, resume: true }));
    await expectSame(sink, whole);
  });

  it('is saved at the end of an epoch alone where the minutes are not over', async () => {
    const sink = memorySink();
    await dying(sink, { step: 7 });
    expect(sink.last?.training).toMatchObject({ epoch: 1, step: 4 });
  });

  it('takes its validation again, and records it once, where it died between that and the save of the epoch', async () => {
    const [whole, sink] = [memorySink(), memorySink()];
    await train(options(whole));
    const failing: RunSink = new Proxy(sink, {
      get: (target, key) => {
        const value = Reflect.get(target, key, target);
        if (key !== 'save') return typeof value === 'function' ? value.bind(target) : value;
        return (which: 'last' | 'best', checkpoint: Checkpoint) => {
          if (which === 'last' && checkpoint.training?.epoch === 2) throw new Error('power cut');
          return target.save(which, checkpoint);
        };
      },
    });
    await expect(train(options(failing, afterEachStep))).rejects.toThrow('power cut');
    expect(sink.last?.training).toMatchObject({ epoch: 1, step: 8 });
    await train(options(sink, { ...afterEachStep, resume: true }));
    await expectSame(sink, whole);
  });

  it.each([0, -1, Number.NaN])('refuses %s minutes', async (saveMinutes) => {
    const error = await train(options(memorySink(), { saveMinutes })).catch((thrown: SkeinError) => thrown);
    expect(error).toMatchObject({
      code: 'CONFIG',
      message: `train: \`saveMinutes\` must be a number above 0, but is ${saveMinutes}`,
    });
  });
});

describe('a run that keeps epochs', () => {
  const names = async (path: string) => (await readdir(path)).filter((name) => name.startsWith('epoch-'));

  it('has the files of the newest, each as the last checkpoint was then', async () => {
    const path = join(folder, 'kept');
    await train(options(path, { keep: 2 }));
    expect(await names(path)).toEqual(['epoch-003.safetensors', 'epoch-004.safetensors']);
    expect((await loadCheckpoint(join(path, 'epoch-003.safetensors'))).training).toMatchObject({ epoch: 3, step: 12 });
    const [last, newest] = await Promise.all(
      ['last', 'epoch-004'].map((name) => readFile(join(path, `${name}.safetensors`))),
    );
    expect(last?.equals(newest as Buffer)).toBe(true);
  });

  it('goes on keeping them, as many as it is then told to', async () => {
    const path = join(folder, 'more');
    await dying(path, { epoch: 2 }, { keep: 1 });
    expect(await names(path)).toEqual(['epoch-002.safetensors']);
    await train(options(path, { keep: 3, resume: true }));
    expect(await names(path)).toEqual([2, 3, 4].map((epoch) => `epoch-00${epoch}.safetensors`));
    expect(String(await readFile(join(path, 'config.yaml')))).toMatch(/^keep: 3$/m);
  });

  it('has them as values in memory', async () => {
    const sink = memorySink();
    await train(options(sink, { keep: 3 }));
    expect([...sink.epochCheckpoints].map(([epoch, { training }]) => [epoch, training?.epoch])).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  it('needs a sink that can', async () => {
    const sink: RunSink = new Proxy(memorySink(), {
      get: (target, key) => {
        if (key === 'keepEpoch') return undefined;
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const error = await train(options(sink, { keep: 1 })).catch((thrown: SkeinError) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG', message: expect.stringContaining('memory has no `keepEpoch`') });
    expect((await train(options(sink))).stopped).toBe('finished');
  });
});
