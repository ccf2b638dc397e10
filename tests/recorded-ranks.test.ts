/** What a run keeps of the ranks that trained it, without any: going on with it, and taking its steps again. */
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  batchNorm,
  conv,
  defineNetwork,
  globalAveragePool,
  linear,
  type MemorySink,
  memorySink,
  type RunSink,
  relu,
  replay,
  type TrainOptions,
  train,
  verify,
} from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-recorded-ranks-'));
});
afterAll(() => rm(folder, { recursive: true }));

const data = {
  train: shapes({ name: 'train', length: 12, size: 8 }),
  validation: shapes({ name: 'validation', length: 6, size: 8 }),
  normalisation: { mean: [0.3], std: [0.25] },
};
const network = defineNetwork('tiny', (image, { classes }) =>
  linear(globalAveragePool(relu(batchNorm(conv(image, 2, { kernel: 3 })))), classes),
);
const options = (out: string | RunSink, more: Partial<TrainOptions> = {}): TrainOptions => ({
  model: network,
  data,
  epochs: 2,
  batchSize: 6,
  engine: 'evaluator',
  threads: 1,
  out,
  ...more,
});

/** A run that stopped after its first step, as so many ranks would have recorded it. */
async function stopped(ranks: number | undefined, more: Partial<TrainOptions> = {}): Promise<MemorySink> {
  const sink = memorySink();
  const controller = new AbortController();
  const callbacks = [{ onStep: () => controller.abort() }];
  await train(options(sink, { ...more, callbacks, signal: controller.signal }));
  if (ranks !== undefined) await sink.goOn({ epoch: 0, step: 1 }, { ranks, workers: 3 });
  return sink;
}

const goOn = (sink: MemorySink, more: Partial<TrainOptions> = {}) => train(options(sink, { ...more, resume: true }));

describe('a run that goes on', () => {
  it('has the batch norm that it recorded, and refuses another', async () => {
    const sink = await stopped(2, { syncBatchNorm: true });
    expect(sink.config).toMatchObject({ syncBatchNorm: true });
    await expect(goOn(sink, { syncBatchNorm: false })).rejects.toThrow(
      'the run was started with `syncBatchNorm` true, but is to go on with none',
    );
    expect(await goOn(sink)).toMatchObject({ stopped: 'finished' });
    expect(sink.last?.training?.config).toMatchObject({ syncBatchNorm: true });
    expect(sink.config).toMatchObject({ syncBatchNorm: true });
  });

  it('refuses the statistics of all ranks where ranks had their own', async () => {
    await expect(goOn(await stopped(2), { syncBatchNorm: true })).rejects.toThrow(
      'the run was started with `syncBatchNorm` none, but is to go on with true',
    );
  });

  it('takes them where one process began it, or ranks of a version that recorded none', async () => {
    const sink = await stopped(undefined);
    expect(sink.config).not.toHaveProperty('ranks');
    expect(await goOn(sink, { syncBatchNorm: true })).toMatchObject({ stopped: 'finished' });
    expect(sink.config).toMatchObject({ syncBatchNorm: true });
    expect(sink.config).not.toHaveProperty('ranks');
  });

  it('in one process still tells that there were ranks, and keeps no means of theirs', async () => {
    const sink = await stopped(2);
    await goOn(sink);
    expect(sink.config).toMatchObject({ ranks: 1 });
    expect(sink.config).not.toHaveProperty('workers');
  });
});

it.each([
  [4, '4 ranks trained it'],
  [1, 'several ranks trained it before one went on'],
])('steps of a run with the record ranks: %i are not taken again', async (ranks, why) => {
  const run = join(folder, `of ${ranks}`);
  await train(options(run));
  expect(await verify({ run, network, data, steps: 'all' })).toMatchObject({ verified: true });
  await appendFile(join(run, 'config.yaml'), `ranks: ${ranks}\n`);
  const message = `${run}: expected a run that one process trained, but ${why}`;
  await expect(verify({ run, network, data })).rejects.toThrow(message);
  await expect(replay({ run, network, data, step: 1 })).rejects.toThrow(message);
});
