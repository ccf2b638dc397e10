/** Runs that fine-tune: their phases, what each of them trains, and going on from any of their steps. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  batchNorm,
  type Callback,
  conv,
  type Dataset,
  defineNetwork,
  ema,
  type FineTuning,
  fineTuning,
  flip,
  globalAveragePool,
  linear,
  memorySink,
  mixup,
  relu,
  type TrainOptions,
  train,
} from 'skein';
import { type Engine, evaluator } from 'skein/engines';
import { scope } from 'skein/ir';
import type { Tensor } from 'skein/tensor';
import { optionsFromConfig } from 'skein/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { distance } from './distance.ts';
import { enginesHere } from './engines-here.ts';

let folder: string;
let weights: string;

const staged = defineNetwork('staged', (image, { classes }) => {
  let x = image;
  for (const [name, stride] of [
    ['stem', 2],
    ['stage1', 1],
    ['stage2', 2],
  ] as const)
    x = scope(name, () => relu(batchNorm(conv(x, 6, { kernel: 3, stride }))));
  return linear(globalAveragePool(x), classes, { name: 'classifier' });
});

const normalisation = { mean: [0.3], std: [0.25] };
const split = (name: string, length: number, classes = ['round', 'even', 'crossed']): Dataset => ({
  ...shapes({ name, length, size: 12 }),
  classes,
});
const data = {
  train: split('train', 40),
  validation: split('validation', 15),
  test: split('test', 15),
  normalisation,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-fine-tuning-'));
  const known = { train: split('known', 60, ['a', 'b', 'c']), normalisation };
  const run = await train({
    model: staged,
    data: known,
    epochs: 3,
    batchSize: 16,
    lr: 0.05,
    engine: evaluator,
    out: join(folder, 'known'),
  });
  weights = join(run.folder, 'last.safetensors');
});
afterAll(() => rm(folder, { recursive: true }));

const tuned = (fineTune: FineTuning, engine: Engine, name: string): TrainOptions => ({
  model: staged,
  data,
  weights,
  fineTune,
  augment: [flip(), mixup()],
  average: ema({ decay: 0.8 }),
  lr: 0.05,
  epochs: 4,
  batchSize: 16,
  engine,
  threads: 1,
  out: join(folder, name),
});

function stoppedAt(options: TrainOptions, step: number): TrainOptions {
  const controller = new AbortController();
  const callback: Callback = { onStep: (at) => (at.step === step ? controller.abort() : undefined) };
  return { ...options, callbacks: [callback], signal: controller.signal };
}

const filesOf = (run: string) =>
  Promise.all(['last.safetensors', 'best.safetensors', 'results.csv'].map((file) => readFile(join(run, file))));

const engines = [evaluator, ...enginesHere].map((engine) => [engine.name, engine] as const);

describe.each(engines)('on %s', (name, engine) => {
  it('goes on from every phase, and from between them, to the same bytes', async () => {
    const fineTune = fineTuning.gradual({ headEpochs: 2 });
    const phases: string[] = [];
    const options = tuned(fineTune, engine, `${name} whole`);
    const onPhase: Callback['onPhase'] = ({ name: phase, first, last, frozen }) =>
      void phases.push(`${phase} ${first}-${last} ${frozen.join(' ')}`);
    const whole = await train({ ...options, callbacks: [{ onPhase }] });
    expect(phases).toEqual([
      'head 1-2 stem stage1 stage2',
      'stage2 on 3-3 stem stage1',
      'stage1 on 4-4 stem',
      'all 5-6 ',
    ]);
    expect(whole.epochs).toHaveLength(6);
    // 3 steps an epoch: within the head's phase, at its end, within others, at their ends, and in the last one
    const stops = engine === evaluator ? [2, 6, 7, 9, 14] : [6, 14];
    const out = `${name} stopped`;
    let run = await train(stoppedAt(tuned(fineTune, engine, out), stops[0] as number));
    for (const step of stops.slice(1)) {
      expect(run.stopped).toBe('interrupted');
      const config = await optionsFromConfig(join(folder, out, 'config.yaml'), { data, model: staged });
      run = await train(stoppedAt({ ...config, engine, out: join(folder, out), resume: true }, step));
    }
    const config = await optionsFromConfig(join(folder, out, 'config.yaml'), { data, model: staged });
    run = await train({ ...config, engine, out: join(folder, out), resume: true });
    expect(run.stopped).toBe('finished');
    expect(await filesOf(run.folder)).toEqual(await filesOf(whole.folder));
    expect(run.test).toEqual(whole.test);
  });

  it('trains the head on features as it trains on images that nothing changes', async () => {
    const options = (more: Partial<TrainOptions>): TrainOptions => {
      const { fineTune: _, average: _average, augment: _augment, ...rest } = tuned(fineTuning.head(), engine, '');
      return { ...rest, augment: [], out: memorySink(), ...more };
    };
    const onFeatures = memorySink();
    const onImages = memorySink();
    const kept = await train(options({ fineTune: fineTuning.head(), out: onFeatures }));
    const seen = await train(options({ freeze: ['stem', 'stage1', 'stage2'], out: onImages }));
    const losses = ({ epochs }: typeof kept) => epochs.flatMap((epoch) => [epoch.train.loss, epoch.validation.loss]);
    expect(losses(kept)).toBeClose(losses(seen), { relative: 1e-4 });
    const [a, b] = await Promise.all(
      [onFeatures, onImages].map(async (sink) => (await sink.load('last')).checkpoint.tensors),
    );
    for (const [entry, tensor] of b as ReadonlyMap<string, Tensor>)
      expect(distance(a?.get(entry) as Tensor, tensor), entry).toBeLessThan(1e-4);
    // the test is of the whole network
    expect(kept.test?.best.loss).toBeClose(seen.test?.best.loss as number, { relative: 1e-4 });
  });
});

it('goes on from the moment at which a phase begins', async () => {
  const fineTune = fineTuning.all({ headEpochs: 1 });
  const options = (name: string): TrainOptions => ({ ...tuned(fineTune, evaluator, name), epochs: 1 });
  const whole = await train(options('begun whole'));
  const controller = new AbortController();
  const onPhase: Callback['onPhase'] = ({ name }) => (name === 'all' ? controller.abort() : undefined);
  const stopped = await train({ ...options('begun'), signal: controller.signal, callbacks: [{ onPhase }] });
  expect(stopped).toMatchObject({ stopped: 'interrupted', best: { epoch: 1 } });
  const resumed = await train({ ...options('begun'), resume: true });
  expect(resumed.stopped).toBe('finished');
  expect(await filesOf(resumed.folder)).toEqual(await filesOf(whole.folder));
});

it('leaves what is frozen as the weights brought it', async () => {
  const run = await train(tuned(fineTuning.head(), evaluator, 'frozen'));
  const { transfer } = run;
  expect(transfer).toMatchObject({ weights, replaced: ['classifier'], frozen: ['stem', 'stage1', 'stage2'] });
  expect(transfer?.loaded).toHaveLength(15);
  const [before, after] = await Promise.all(
    [weights, join(run.folder, 'last.safetensors')].map(async (path) => (await loadCheckpoint(path)).tensors),
  );
  for (const [entry, { data: numbers }] of after as ReadonlyMap<string, Tensor>)
    if (/^(stem|stage\d)\./.test(entry)) expect(numbers, entry).toEqual(before?.get(entry)?.data);
  expect(after?.get('classifier.weight')?.data).not.toEqual(before?.get('classifier.weight')?.data);
});

it('gives a new head to classes that the weights have no names for, unless positions count', async () => {
  const numbered = { train: split('known', 60, ['class 0', 'class 1', 'class 2']), normalisation };
  const out = join(folder, 'numbered');
  await train({ model: staged, data: numbered, epochs: 1, batchSize: 16, engine: evaluator, out });
  const fates: (string | undefined)[] = [];
  const onStart: Callback['onStart'] = ({ startingHead }) => void fates.push(startingHead?.fate);
  const options = {
    ...tuned(fineTuning.head(), evaluator, ''),
    weights: join(out, 'last.safetensors'),
    epochs: 1,
    callbacks: [{ onStart }],
  };
  await train({ ...options, out: memorySink() });
  await train({ ...options, classesByPosition: true, out: memorySink() });
  expect(fates).toEqual(['renewed', 'by position']);
});

it('needs weights to go on from', async () => {
  const { weights: _, ...options } = tuned(fineTuning.all(), evaluator, 'without');
  await expect(train(options)).rejects.toThrow('`fineTune` all goes on from weights, but there are none');
});
