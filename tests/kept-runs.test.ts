/** Runs of earlier versions stay alive: they load, predict to the last bit what they did, go on, and are read from their config.yaml. */

import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { train } from 'skein';
import { loadCheckpoint } from 'skein/checkpoint';
import { optionsFromConfig } from 'skein/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy } from '../src/objectives/index.ts';
import { currentRecipe } from '../src/train/config.ts';
import {
  checkpointsOf,
  inspectionFacts,
  keptFolder,
  onnxFacts,
  predictionFacts,
  resumed,
  resumedFacts,
} from './kept-runs/facts.ts';
import { keptRuns } from './kept-runs/runs.ts';

interface Recorded {
  readonly checkpoints: Readonly<Record<string, unknown>>;
  readonly inspection: unknown;
  readonly onnx: unknown;
  readonly resumed: unknown;
}
const recorded: Readonly<Record<string, Recorded>> = JSON.parse(await readFile(keptFolder('recorded.json'), 'utf8'));

let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'skein-kept-'));
});
afterAll(() => rm(temporary, { recursive: true }));

describe.each(Object.entries(keptRuns))('the kept run %s', (name, run) => {
  const { options, stopped, isPublished } = run;
  const folder = keptFolder(name);
  const last = join(folder, 'last.safetensors');
  const known = recorded[name] as Recorded;

  it('loads, predicts and scores as it did', async () => {
    const files = await checkpointsOf(folder);
    expect(files).toEqual(Object.keys(known.checkpoints).sort());
    for (const file of files)
      expect(await predictionFacts(join(folder, file), options.data.train), file).toEqual(known.checkpoints[file]);
  });

  it('stands where it was stopped', async () => {
    const { training } = await loadCheckpoint(last);
    expect(training).toMatchObject(stopped);
    expect(training?.partial !== undefined, 'an epoch is under way').toBe('step' in stopped);
  });

  it('is made of the same layers at the same cost', async () => {
    expect(await inspectionFacts(last)).toEqual(known.inspection);
  });

  it('is exported as the same ONNX graphs', async () => {
    expect(await onnxFacts(last, run)).toEqual(known.onnx);
  });

  it('goes on to the end that it had', async () => {
    const out = join(temporary, name);
    expect(await resumedFacts(await resumed(name, run, out))).toEqual(known.resumed);
    const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
    const epochs = Array.from({ length: options.epochs ?? 0 }, () => 'epoch');
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual([...epochs, ...(options.data.test ? ['test'] : [])]);
  });

  it('is gone on with from what its config.yaml says', async () => {
    const { model, data } = options;
    const read = await optionsFromConfig(join(folder, 'config.yaml'), isPublished ? { data } : { data, model });
    const { lr: schedule, optimiser, augment = [], ...rest } = read;
    const { epochs, batchSize, seed, loss = crossEntropy(), recompute, engine } = options;
    expect(rest.loss?.options).toEqual(loss.options);
    expect(rest).toMatchObject({ epochs, batchSize, seed, engine, ...(recompute && { recompute }) });
    expect(optimiser?.options).toMatchObject(options.optimiser?.options ?? {});
    expect(schedule).toMatchObject(
      typeof options.lr === 'object' && 'options' in options.lr
        ? { options: options.lr.options }
        : { name: 'cosine', options: { lr: options.lr } },
    );
    expect(augment.map((one) => one.options)).toEqual((options.augment ?? []).map((one) => one.options));

    // the recipe and the place are accepted, and no step is done
    const out = join(temporary, `${name} from its configuration`);
    await cp(folder, out, { recursive: true });
    const ended = await train({ ...read, out, resume: true, signal: AbortSignal.abort() });
    expect(ended).toMatchObject({ stopped: 'interrupted', epochs: [], engine: 'evaluator' });
    const { config = {}, ...place } = (await loadCheckpoint(last)).training ?? {};
    const saved = (await loadCheckpoint(join(out, 'last.safetensors'))).training;
    expect(saved).toEqual({ ...place, config: currentRecipe(config) });
  });
});

it('refuses to go on with a kept run with another recipe', async () => {
  const out = join(temporary, 'another recipe');
  await cp(keptFolder('own'), out, { recursive: true });
  const { options } = keptRuns.own;
  await expect(train({ ...options, out, resume: true, seed: 12 })).rejects.toThrow(
    'the run was started with `seed` 11, but is to go on with 12',
  );
});
