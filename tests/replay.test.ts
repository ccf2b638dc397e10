/** Steps of a run once more: the same to the bit, from any checkpoint, whatever the run is made of; and nothing of it is written. */
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  batchNorm,
  type Callback,
  conv,
  type Dataset,
  defineNetwork,
  densenet,
  dropout,
  ema,
  fineTuning,
  flip,
  globalAveragePool,
  linear,
  mixup,
  padCrop,
  relu,
  replay,
  type TrainOptions,
  train,
  verify,
} from 'skein';
import { evaluator } from 'skein/engines';
import { scope } from 'skein/ir';
import { sgd } from 'skein/optimisers';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../src/checkpoint/index.ts';
import { layerNorms } from '../src/train/replay/layer-norms.ts';
import { enginesHere } from './engines-here.ts';
import { putImageFiles } from './image-files.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

const size = 8;
const split = (name: string, length: number): Dataset => shapes({ name, length, size });
const data = {
  train: split('train', 20),
  validation: split('validation', 6),
  normalisation: { mean: [0.3], std: [0.25] },
};

/** Its parts have names, so that phases can open them. */
const network = defineNetwork('staged', (image, { classes }) => {
  let x = image;
  for (const name of ['stem', 'stage1'] as const)
    x = scope(name, () => dropout(relu(batchNorm(conv(x, 4, { kernel: 3, stride: 2 }))), 0.25));
  return linear(globalAveragePool(x), classes, { name: 'classifier' });
});

// ten steps in each of six epochs: one of the losses that are recorded every 50 steps
const options = (name: string, more: Partial<TrainOptions> = {}): TrainOptions => ({
  model: network,
  data,
  epochs: 6,
  batchSize: 2,
  keep: 2,
  seed: 3,
  engine: 'onnxruntime',
  threads: 1,
  out: at(name),
  ...more,
});
const known = { network, data };

/** The contents of a run's folder, and when they were written. */
async function contentsOf(run: string): Promise<Record<string, string>> {
  const all = (await readdir(run)).sort().map(async (name) => {
    const { mtimeMs } = await stat(join(run, name));
    return [name, `${mtimeMs} ${(await readFile(join(run, name))).toString('base64')}`] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

/** The file of a checkpoint with its tensors otherwise. */
async function change(file: string, of: (checkpoint: Checkpoint) => Checkpoint): Promise<void> {
  await saveCheckpoint(file, of(await loadCheckpoint(file)));
}

const interruptedAt = (step: number): Pick<TrainOptions, 'callbacks' | 'signal'> => {
  const controller = new AbortController();
  const callback: Callback = { onStep: (event) => void (event.step === step && controller.abort()) };
  return { callbacks: [callback], signal: controller.signal };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-replay-'));
  await train(options('run'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each([evaluator, ...enginesHere].map((engine) => [engine.name, engine] as const))('on %s', (name, engine) => {
  const run = () => at(name);
  beforeAll(() => train(options(name, { engine })));

  it('a step has the loss that the run recorded, to the bit', async () => {
    const step = await replay({ run: run(), step: 50, ...known });
    expect(step).toMatchObject({ step: 50, epoch: 5, stepInEpoch: 10, stepsPerEpoch: 10, changed: [], engine: name });
    expect(step.recorded).toEqual({ loss: step.loss, isSame: true });
  });

  it('all steps lead to the bytes of all checkpoints', async () => {
    const verification = await verify({ run: run(), steps: 'all', ...known });
    expect(verification).toMatchObject({ verified: true, steps: 60, from: 0, to: 60, firstDifference: null });
    expect(verification.legs).toEqual([{ from: 0, to: 60, name: 'the start' }]);
    const seen = (what: string) => verification.compared.filter((one) => one.what === what);
    expect(seen('loss').map(({ step }) => step)).toEqual([50]);
    expect(seen('epoch')).toHaveLength(6);
    expect(new Set(seen('checkpoint').map(({ where }) => where))).toEqual(
      new Set(['epoch-005.safetensors', 'epoch-006.safetensors', 'best.safetensors', 'last.safetensors']),
    );
  });
});

test('the nearest checkpoint is taken, and the plan is told first', async () => {
  await rm(at('run', 'best.safetensors'));
  const plans: unknown[] = [];
  const onPlan = (plan: unknown) => void plans.push(plan);
  await replay({ run: at('run'), step: 53, ...known, onPlan });
  await replay({ run: at('run'), step: 2, ...known, onPlan });
  expect(plans).toEqual([
    { from: 'epoch-005.safetensors', fromStep: 50, before: 2 },
    { from: 'the start', fromStep: 0, before: 1 },
  ]);
});

test('a step is the same from whichever checkpoint it is reached', async () => {
  const near = await replay({ run: at('run'), step: 56, ...known });
  await train(options('without', { keep: 0 }));
  await rm(at('without', 'best.safetensors'));
  const far = await replay({ run: at('without'), step: 56, ...known });
  expect([near.fromStep, far.fromStep]).toEqual([50, 0]);
  for (const key of ['loss', 'lr', 'samples', 'masks', 'layers'] as const) expect(far[key]).toEqual(near[key]);
});

test('nothing in the folder of the run is written', async () => {
  const before = await contentsOf(at('run'));
  await replay({ run: at('run'), step: 12, ...known });
  await verify({ run: at('run'), steps: 'all', ...known });
  expect(await contentsOf(at('run'))).toEqual(before);
});

test('the batch is what the network saw, and norms are those of what the optimiser did', async () => {
  const plain = defineNetwork('plain', (image, { classes }) => linear(globalAveragePool(image), classes));
  await train(options('plain', { model: plain, optimiser: sgd({ momentum: 0, weightDecay: 0 }), lr: 0.2, epochs: 1 }));
  const step = await replay({ run: at('plain'), step: 5, network: plain, data });
  for (const [row, { id, label, weight, isReplaced }] of step.samples.entries()) {
    const { image, label: own } = await data.train.read(Number(id));
    const seen = step.batches[0]?.images.subarray(row * size * size, (row + 1) * size * size) ?? [];
    expect({ label, weight, isReplaced }).toEqual({ label: own, weight: 1, isReplaced: false });
    for (const [i, level] of image.pixels.entries()) expect(seen[i]).toBeCloseTo((level / 255 - 0.3) / 0.25, 5);
  }
  expect(step.samples).toHaveLength(2);
  // without momentum and decay, an update is the rate times the gradient
  for (const { update, gradient } of step.parameters) expect(update / (step.lr * gradient)).toBeCloseTo(1, 3);
  expect(step.layers).toEqual(layerNorms(step.parameters));
});

test('dropout keeps about the share that its rate leaves', async () => {
  const { masks } = await replay({ run: at('run'), step: 1, ...known });
  expect(masks.map(({ path, kind, rate, total }) => [path, kind, rate, total])).toEqual([
    ['stem.dropout1', 'dropout', 0.25, 2 * 4 * 16],
    ['stage1.dropout1', 'dropout', 0.25, 2 * 4 * 4],
  ]);
  for (const { kept, total } of masks) expect(Math.abs(kept / total - 0.75)).toBeLessThan(0.25);
});

describe('what is not as it was', () => {
  beforeAll(async () => {
    await train(options('changed'));
  });

  it('a weight that was changed in a checkpoint is found, and that the run itself repeats', async () => {
    await change(at('changed', 'epoch-005.safetensors'), (checkpoint) => {
      const weights = checkpoint.tensors.get('stem.conv1.weight')?.data as Float32Array;
      weights[7] = 1 + (weights[7] as number);
      return checkpoint;
    });
    const verification = await verify({ run: at('changed'), steps: 'all', ...known });
    expect(verification).toMatchObject({
      verified: false,
      agreesAfter: true,
      firstDifference: {
        step: 50,
        what: 'checkpoint',
        where: 'epoch-005.safetensors',
        name: 'stem.conv1.weight[7]',
        differing: 1,
      },
    });
    const { recorded = 0, now = 0 } = verification.firstDifference ?? {};
    expect(Number(recorded) - Number(now)).toBeCloseTo(1, 5);
  });

  it('a checkpoint that cannot be read is named, and the steps are taken from another', async () => {
    await train(options('cut'));
    await truncate(at('cut', 'epoch-005.safetensors'), 1000);
    const verification = await verify({ run: at('cut'), steps: 'all', ...known });
    expect(verification.verified).toBe(false);
    expect(verification.firstDifference).toBeNull();
    expect(verification.unreadable.map(({ name }) => name)).toEqual(['epoch-005.safetensors']);
  });

  it('a recorded loss that is another one ends it', async () => {
    await train(options('other'));
    const lines = String(await readFile(at('other', 'metrics.jsonl'))).split('\n');
    const wrong = lines.map((line) => line.replace(/("kind":"step".*"loss":)[\d.]+/, '$11.5'));
    await writeFile(at('other', 'metrics.jsonl'), wrong.join('\n'));
    const verification = await verify({ run: at('other'), steps: 'all', ...known });
    expect(verification).toMatchObject({
      verified: false,
      steps: 50,
      firstDifference: { step: 50, what: 'loss', where: 'metrics.jsonl', recorded: 1.5 },
    });
  });

  it('data of other labels is refused, as going on refuses it', async () => {
    const other = { ...data, train: { ...data.train, labels: data.train.labels?.map((_, i) => (i + 1) % 3) ?? [] } };
    const changed = { run: at('run'), network, data: other };
    await expect(replay({ ...changed, step: 55 })).rejects.toThrow(/has changed since|not the data/);
    await expect(verify(changed)).rejects.toThrow(/has changed since|not the data/);
  });

  it('images of other pixels are refused at the start, and told elsewhere', async () => {
    const other = { ...data, train: shapes({ name: 'train', length: 20, size, seed: 9 }) };
    const changed = { run: at('run'), network, data: other };
    await expect(replay({ ...changed, step: 3 })).rejects.toThrow('images of the same names have other pixels');
    expect((await replay({ ...changed, step: 3, changedData: true })).changed.map(({ what }) => what)).toEqual([
      'data',
    ]);
    expect((await replay({ ...changed, step: 55 })).changed.map(({ what }) => what)).toEqual(['data']);
  });

  it('another engine is told, since equal bytes are then not promised', async () => {
    const { changed } = await replay({ run: at('run'), step: 51, ...known, engine: 'evaluator' });
    expect(changed.map(({ what, recorded, now }) => [what, recorded, now])).toContainEqual([
      'engine',
      'onnxruntime',
      'evaluator',
    ]);
  });
});

test('a step that the run did not take is refused with the range', async () => {
  for (const step of [0, 61, 1.5])
    await expect(replay({ run: at('run'), step, ...known })).rejects.toThrow(
      `expected a step from 1 to 60, which is how far ${at('run')} tells of its steps, but got ${step}`,
    );
  await expect(replay({ run: folder, step: 1 })).rejects.toThrow('expected the folder of a run');
});

test('fewer steps than lead to anything recorded are refused with how many do', async () => {
  await train(options('short', { epochs: 2 }));
  await expect(verify({ run: at('short'), steps: 3, ...known })).rejects.toMatchObject({
    hint: expect.stringContaining('--steps 10'),
  });
});

describe('every kind of run', () => {
  const same = async (run: string, step: number, more: Partial<Parameters<typeof verify>[0]> = known) => {
    const verification = await verify({ run: at(run), steps: 'all', ...more });
    expect(verification.firstDifference).toBeNull();
    expect(verification.verified).toBe(true);
    return replay({ run: at(run), step, ...more });
  };

  it('with augmentation, mixed classes, accumulation, a limit and an average', async () => {
    const more = { accumulate: 3, average: ema({ decay: 0.9 }), clipNorm: 0.01, epochs: 3 };
    await train(options('mixed', { ...more, augment: [padCrop({ pad: 1 }), flip(), mixup()] }));
    const step = await same('mixed', 9);
    expect(step.batches).toHaveLength(3);
    expect(step.images).toBe(6);
    expect(step.masks[0]?.total).toBe(6 * 4 * 16);
    expect(step.clip?.factor).toBeLessThan(1);
    expect(step.samples.some(({ shares = [] }) => shares.length > 1)).toBe(true);
  });

  it('of a published network with dropout, which its folder alone tells', async () => {
    await train(options('dense', { model: densenet({ depth: 7, growth: 2, dropout: 0.2 }), epochs: 2 }));
    expect((await same('dense', 20, { data })).masks.length).toBeGreaterThan(0);
  });

  it('that fine-tunes: the head on features, then all layers', async () => {
    const weights = at('run', 'last.safetensors');
    const fineTune = fineTuning.all({ headEpochs: 1 });
    await train(options('tuned', { weights, fineTune, classesByPosition: true, epochs: 2, keep: 3 }));
    const head = await same('tuned', 4);
    expect(head).toMatchObject({ phase: 'head', isOnFeatures: true, from: 'the start', epochs: 3 });
    expect(head.layers.map(({ path }) => path)).toEqual(['classifier']);
    const later = await replay({ run: at('tuned'), step: 14, ...known });
    expect(later).toMatchObject({ isOnFeatures: false, from: 'epoch-001.safetensors', before: 3 });
    expect(later.layers.map(({ path }) => path)).toContain('stem.conv1');
  });

  it('that was stopped in the middle of an epoch', async () => {
    await train(options('stopped', interruptedAt(27)));
    const step = await same('stopped', 26);
    expect(step).toMatchObject({ epoch: 3, stepInEpoch: 6 });
    await expect(replay({ run: at('stopped'), step: 28, ...known })).rejects.toThrow('from 1 to 27');
  });

  it('that ended before it saved anything', async () => {
    await train(options('killed'));
    for (const name of await readdir(at('killed'))) if (name.endsWith('.safetensors')) await rm(at('killed', name));
    expect((await replay({ run: at('killed'), step: 50, ...known })).recorded?.isSame).toBe(true);
    expect(await verify({ run: at('killed'), ...known })).toMatchObject({ verified: true, steps: 50 });
  });

  it('on files that threads decode', async () => {
    await putImageFiles(at('files'), ['a', 'b'], 12);
    await train(options('of files', { data: at('files'), imageSize: size, epochs: 2, workers: 2 }));
    const step = await same('of files', 13, { network, workers: 1 });
    expect(step.samples[0]?.id).toMatch(/^[ab]\/\d+\.(jpg|png)$/);
    await writeFile(at('files', 'a', '0.jpg'), await readFile(at('files', 'a', '1.png')));
    await expect(verify({ run: at('of files'), network })).rejects.toThrow('has changed since');
  });
});
