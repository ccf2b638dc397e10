/** A run that looks for its learning rate is, to the bit, the run that was given the rate. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cosine, densenet, findRate, type MemorySink, memorySink, type TrainOptions, train } from 'skein';
import { fineTuning, optionsFromConfig, type RateSearch } from 'skein/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-rates-'));
});
afterAll(() => rm(folder, { recursive: true }));

const options: Omit<TrainOptions, 'out'> = {
  model: densenet({ depth: 7, growth: 4, dropout: 0.2 }),
  data: {
    train: shapes({ name: 'train', length: 40, size: 12 }),
    validation: shapes({ name: 'validation', length: 15, size: 12 }),
    normalisation: { mean: [0.3], std: [0.25] },
  },
  lr: cosine({ warmup: 0.1 }),
  batchSize: 12,
  maxSteps: 6,
  seed: 4,
  engine: 'onnxruntime',
  threads: 1,
};

const tensorsOf = ({ last }: MemorySink) => [...(last?.tensors ?? [])].map(([name, { data }]) => [name, [...data]]);

describe('a run that looks for its rate', () => {
  let search: RateSearch;
  beforeAll(async () => {
    search = await findRate(options);
  });

  it('tries rates that rise, and finds one that the loss pays for', () => {
    const { curve, suggested } = search;
    expect(curve[0]?.lr).toBe(1e-6);
    expect(curve.length).toBeGreaterThan(50);
    expect(suggested).toBeGreaterThan(1e-4);
    expect(suggested).toBeLessThan(1);
  });

  it('trains as if it had been given the rate, keeps what else the schedule says, and tells how it found it', async () => {
    const out = memorySink({ report: true });
    const told: RateSearch[] = [];
    const run = await train({
      ...options,
      out,
      findLr: true,
      callbacks: [{ onRates: (event) => void told.push(event) }],
    });
    expect(told).toEqual([search]);
    expect(run.rates).toEqual(search);
    expect(out.measurements[0]).toEqual({ kind: 'rates', step: 0, ...search });
    expect(out.config?.schedule).toMatchObject({ name: 'cosine', lr: search.suggested, warmup: 0.1 });
    expect(out.page).toContain('Search for the learning rate');
    const given = memorySink();
    await train({ ...options, out: given, lr: cosine({ lr: search.suggested as number, warmup: 0.1 }) });
    expect(tensorsOf(out)).toEqual(tensorsOf(given));
    expect(given.measurements.some(({ kind }) => kind === 'rates')).toBe(false);
  });

  it('goes on, and is repeated from its config.yaml, without another search', async () => {
    const controller = new AbortController();
    const out = join(folder, 'found');
    const stop = { onStep: ({ step }: { step: number }) => step === 3 && controller.abort() };
    await train({ ...options, out, findLr: true, signal: controller.signal, callbacks: [stop] });
    const run = await train({ ...options, out, findLr: true, resume: true });
    expect(run.rates).toBeUndefined();
    expect(run.stopped).toBe('finished');
    const again = join(folder, 'again');
    await train({ ...(await optionsFromConfig(join(out, 'config.yaml'), options)), out: again });
    const bytes = (run: string) => readFile(join(run, 'last.safetensors'));
    expect((await bytes(again)).equals(await bytes(out))).toBe(true);
  });
});

it('is refused where the run goes in phases', async () => {
  const fineTune = fineTuning.all();
  await expect(train({ ...options, out: memorySink(), weights: 'x', fineTune, findLr: true })).rejects.toThrow(
    '`findLr` looks for the rate of a run whose layers all train',
  );
});

it('ends with the signal, and nothing is kept', async () => {
  const controller = new AbortController();
  const out = memorySink();
  controller.abort();
  await expect(train({ ...options, out, findLr: true, signal: controller.signal })).rejects.toBe(
    controller.signal.reason,
  );
  expect(out.last).toBeUndefined();
});
