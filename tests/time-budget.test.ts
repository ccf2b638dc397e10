/** Runs that a number of steps or of minutes ends: with their schedule complete, and to the bit the same when they go on. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { densenet, memorySink, oneCycle, padCrop, type Run, type TrainOptions, train } from 'skein';
import { fineTuning, optionsFromConfig } from 'skein/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shapes } from '../examples/custom-dataset.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-budget-'));
});
afterAll(() => rm(folder, { recursive: true }));

// 40 training samples in batches of 12: four steps of an epoch
const data = {
  train: shapes({ name: 'train', length: 40, size: 12 }),
  validation: shapes({ name: 'validation', length: 15, size: 12 }),
  test: shapes({ name: 'test', length: 15, size: 12 }),
  normalisation: { mean: [0.3], std: [0.25] },
};
const schedule = oneCycle({ lr: 0.1 });
const options = (name: string): TrainOptions => ({
  model: densenet({ depth: 7, growth: 4, dropout: 0.2 }),
  data,
  augment: [padCrop({ pad: 2 })],
  lr: schedule,
  batchSize: 12,
  seed: 4,
  engine: 'onnxruntime',
  threads: 1,
  out: join(folder, name),
});
const configOf = async ({ folder: where }: Pick<Run, 'folder'>) =>
  parse(await readFile(join(where, 'config.yaml'), 'utf8')) as { epochs?: number; maxSteps?: number };

async function expectSameFiles(run: Run, whole: Run): Promise<void> {
  for (const file of ['last.safetensors', 'best.safetensors', 'results.csv'])
    expect((await readFile(join(run.folder, file))).equals(await readFile(join(whole.folder, file))), file).toBe(true);
}

/** Ends after `step`, as by Ctrl-C. */
function until(step: number, given: TrainOptions): TrainOptions {
  const controller = new AbortController();
  return {
    ...given,
    signal: controller.signal,
    callbacks: [{ onStep: (at) => at.step === step && controller.abort() }],
  };
}

describe('a run of ten steps, which are two and a half epochs', () => {
  let whole: Run;
  const rates: number[] = [];
  beforeAll(async () => {
    const callbacks = [{ onStep: ({ lr }: { lr: number }) => void rates.push(lr) }];
    whole = await train({ ...options('ten'), maxSteps: 10, callbacks });
  });

  it('ends with a cut epoch and the end of its schedule', async () => {
    expect(whole.epochs.map(({ epoch, epochs, images }) => [epoch, epochs, images])).toEqual([
      [1, 3, 40],
      [2, 3, 40],
      [3, 3, 24],
    ]);
    expect(rates).toEqual(Array.from({ length: 10 }, (_, step) => schedule.rate(step, 10)));
    expect(await configOf(whole)).toMatchObject({ epochs: 3, maxSteps: 10 });
  });

  it.each([3, 8, 9, 10])('goes on after step %d to the same bytes', async (step) => {
    const name = `until-${step}`;
    expect((await train(until(step, { ...options(name), maxSteps: 10 }))).stopped).toBe('interrupted');
    const run = await train({ ...options(name), resume: true });
    await expectSameFiles(run, whole);
  });

  it('has no more epochs than were asked for', async () => {
    const run = await train({ ...options('bounded'), maxSteps: 10, epochs: 2 });
    expect(run.epochs.length).toBe(2);
    expect(await configOf(run)).toMatchObject({ epochs: 2, maxSteps: 8 });
  });
});

describe('a run of some seconds', () => {
  it('fixes its steps once and records them: what its config.yaml says is the same run', async () => {
    let told: { steps: number; epochs: number } | undefined;
    const callbacks = [{ onLength: (event: { steps: number; epochs: number }) => (told = event) }];
    const run = await train({ ...options('seconds'), maxMinutes: 0.08, callbacks });
    const { maxSteps, epochs } = await configOf(run);
    expect(maxSteps).toBe(told?.steps);
    expect(epochs).toBe(Math.ceil((maxSteps as number) / 4));
    expect(run.epochs.length).toBe(epochs);
    const again = await optionsFromConfig(join(run.folder, 'config.yaml'), options('again'));
    await expectSameFiles(await train({ ...again, out: join(folder, 'again') }), run);
  });

  it('goes on with the steps that were fixed, whatever the clock says', async () => {
    const whole = await train({ ...options('minutes'), maxMinutes: 1, maxSteps: 6 });
    await train(until(5, { ...options('minutes-5'), maxMinutes: 1, maxSteps: 6 }));
    await expectSameFiles(await train({ ...options('minutes-5'), maxMinutes: 1, resume: true }), whole);
  });

  it('that no step fits into has one, and says what it takes', async () => {
    const seconds: number[] = [];
    const callbacks = [{ onLength: (event: { seconds: number }) => void seconds.push(event.seconds) }];
    const run = await train({ ...options('none'), out: memorySink(), maxMinutes: 0.001, callbacks });
    expect(run.epochs.map(({ images }) => images)).toEqual([12]);
    expect(seconds[0]).toBeGreaterThan(0.06);
  });

  it('goes on in the head that trains before, and then fixes its steps', async () => {
    const weights = join((await train({ ...options('weights'), maxSteps: 1 })).folder, 'best.safetensors');
    const tuned = { weights, maxMinutes: 0.05, epochs: 3, fineTune: fineTuning.gradual({ headEpochs: 2 }) };
    const names: string[] = [];
    await train(until(5, { ...options('tuned'), ...tuned }));
    expect((await configOf({ folder: join(folder, 'tuned') })).maxSteps).toBeUndefined();
    const callbacks = [{ onPhase: ({ name }: { name: string }) => void names.push(name) }];
    const run = await train({ ...options('tuned'), ...tuned, resume: true, callbacks });
    expect(run.stopped).toBe('finished');
    const { maxSteps = 0, epochs = 0 } = await configOf(run);
    expect(maxSteps).toBeGreaterThan(0);
    expect(run.epochs.at(-1)?.epoch).toBe(2 + epochs);
    expect(names.at(-1)).toBe('all');
  });
});

it('refuses a time that is none', async () => {
  for (const maxMinutes of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    await expect(train({ ...options('refused'), maxMinutes })).rejects.toThrow('`maxMinutes` must be a number above 0');
});
