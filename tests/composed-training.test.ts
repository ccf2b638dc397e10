/** Runs of composed steps (clipping, accumulation, averages, soft labels, frozen layers) on every engine: interrupted, resumed, exported. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  adamw,
  add,
  batchNorm,
  bce,
  type Callback,
  conv,
  crossEntropy,
  type Dataset,
  defineNetwork,
  dropout,
  ema,
  erase,
  flip,
  globalAveragePool,
  linear,
  loadClassifier,
  polynomial,
  type Run,
  relu,
  scope,
  sgd,
  step,
  type TrainOptions,
  train,
} from 'skein';
import { type Engine, evaluator } from 'skein/engines';
import { initialState } from 'skein/ir';
import { type StepOptions, stepInputs, trainingPrograms } from 'skein/step';
import { Random, type Tensor } from 'skein/tensor';
import { optionsFromConfig, runStepOnnx } from 'skein/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { distance } from './distance.ts';
import { enginesHere } from './engines-here.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-composed-'));
});
afterAll(() => rm(folder, { recursive: true }));

const split = (name: string, length: number) => shapes({ name, length, size: 12 });

/** Each image is mostly its own class, and a little the next one. */
function softened(dataset: Dataset): Dataset {
  const soften = (label: number) =>
    dataset.classes.map((_, i) => (i === label ? 0.75 : i === (label + 1) % 3 ? 0.25 : 0));
  return {
    ...dataset,
    softLabels: true,
    read: async (index) => {
      const sample = await dataset.read(index);
      return { ...sample, targets: soften(sample.label) };
    },
  };
}

// 40 samples in steps of two batches of 8: the last step of an epoch has one batch
const data = {
  train: softened(split('train', 40)),
  validation: split('validation', 15),
  test: split('test', 15),
  normalisation: { mean: [0.3], std: [0.25] },
};

const engines = [evaluator, ...enginesHere].map((engine) => [engine.name, engine] as const);

/** Three stages with batch norms, of which the first two are frozen below. */
const staged = defineNetwork('staged', (image, { classes }) => {
  let x = image;
  for (const [name, stride] of [
    ['stem', 2],
    ['stage1', 1],
    ['stage2', 2],
  ] as const)
    x = scope(name, () => relu(batchNorm(conv(x, 6, { kernel: 3, stride }))));
  return linear(globalAveragePool(dropout(x, 0.1)), classes, { name: 'classifier' });
});

const composed = (engine: Engine, name: string): TrainOptions => ({
  model: staged,
  data,
  augment: [flip(), erase()],
  optimiser: adamw({ betas: [0.9, 0.95] }),
  lr: polynomial({ lr: 0.01, power: 0.9, warmup: 0.2 }),
  loss: bce({ labelSmoothing: 0.1 }),
  clipNorm: 0.5,
  accumulate: 2,
  average: ema({ decay: 0.8 }),
  freeze: ['stem', 'stage1'],
  epochs: 3,
  batchSize: 8,
  engine,
  threads: 1,
  out: join(folder, name),
});

function stoppedAt(options: TrainOptions, step: number): TrainOptions {
  const controller = new AbortController();
  const callback: Callback = { onStep: (at) => (at.step === step ? controller.abort() : undefined) };
  return { ...options, callbacks: [callback], signal: controller.signal };
}

const tensorsOf = async (path: string) => (await loadCheckpoint(path)).tensors;

async function expectSame(resumed: Run, whole: Run): Promise<void> {
  for (const file of ['last.safetensors', 'best.safetensors', 'results.csv']) {
    const [a, b] = await Promise.all([resumed, whole].map((run) => readFile(join(run.folder, file))));
    expect(a?.equals(b as Buffer), file).toBe(true);
  }
  expect(resumed.test).toEqual(whole.test);
}

describe.each(engines)('a run of everything on %s', (name, engine) => {
  it('goes on to the same bytes, and keeps, tests and predicts with the averages', async () => {
    const whole = await train(composed(engine, `${name} whole`));
    expect(whole.stopped).toBe('finished');
    const out = `${name} stopped`;
    const stopped = await train(stoppedAt(composed(engine, out), 4));
    expect(stopped.stopped).toBe('interrupted');
    const config = await optionsFromConfig(join(folder, out, 'config.yaml'), { data, model: staged });
    const resumed = await train({ ...config, engine, out: join(folder, out), resume: true });
    await expectSame(resumed, whole);

    const last = join(whole.folder, 'last.safetensors');
    const tensors = await tensorsOf(last);
    expect([...tensors.keys()].filter((entry) => entry.startsWith('gradient.'))).toEqual([]);
    expect(tensors.get('average.stage2.conv1.weight')?.data).not.toEqual(tensors.get('stage2.conv1.weight')?.data);
    // frozen layers stay as they began, and keep no average, momentum or statistics of their own
    expect(tensors.get('stage1.norm1.mean')?.data.every((number) => number === 0)).toBe(true);
    expect([...tensors.keys()].filter((entry) => /^(average|mean|square)\.(stem|stage1)\./.test(entry))).toEqual([]);

    const classifier = await loadClassifier(last, { engine: 'evaluator' });
    try {
      const { loss, correct } = await classifier.evaluate(data.test);
      expect(correct).toBe(whole.test?.last.correct);
      expect(loss).toBeClose(whole.test?.last.loss as number, { relative: 1e-4 });
    } finally {
      await classifier.dispose();
    }
  });
});

/** Without batch norms, so that it does not matter how a batch is cut. */
const plain = defineNetwork('plain', (image, { classes }) =>
  linear(globalAveragePool(relu(conv(image, 6, { kernel: 3, bias: true }))), classes),
);

describe.each(engines)('on %s', (_, engine) => {
  it('three batches whose gradients add up are one of three times the size', async () => {
    const random = new Random('batches');
    const [size, classes] = [5, 3];
    const images = Float32Array.from({ length: 12 * size * size }, () => random.normal());
    const labels = Int32Array.from({ length: 12 }, (_, i) => i % classes);
    // the last image only fills up
    const weights = Float32Array.from({ length: 12 }, (_, i) => (i < 11 ? 1 : 0));
    const sizes = { network: plain, image: { channels: 1, height: size, width: size }, classes };
    const batch = (from: number, to: number) => ({
      images: images.slice(from * size * size, to * size * size),
      labels: labels.slice(from, to),
      weights: weights.slice(from, to),
    });
    const trainedBy = async (batchSize: number, accumulate: number) => {
      const options: StepOptions = { ...sizes, batchSize, optimiser: sgd(), clipNorm: 0.2 };
      const programs = trainingPrograms(options, accumulate);
      const executable = await engine.compile(programs.entries, { threads: 1 });
      try {
        await executable.load(initialState(programs.whole.graph, 0));
        for (let at = 0; at < 2; at++) {
          for (let part = 0; part < accumulate; part++) {
            const own = batch(part * batchSize, (part + 1) * batchSize);
            const share = own.weights.reduce((sum, weight) => sum + weight, 0) / 11;
            const inputs = stepInputs(programs.batch, own, 0.5, 0, at, { share });
            await executable.run(accumulate === 1 ? 'step' : 'gradients', inputs);
          }
          if (accumulate > 1) await executable.run('update', stepInputs(programs.whole, batch(0, 4), 0.5, 0, at));
        }
        return await executable.read(['conv1.weight', 'linear1.weight']);
      } finally {
        await executable.dispose();
      }
    };
    const [one, three] = [await trainedBy(12, 1), await trainedBy(4, 3)];
    for (const [name, tensor] of one) expect(distance(three.get(name) as Tensor, tensor), name).toBeLessThan(1e-6);
  });
});

it('a run with an accumulated batch counts steps and rates by updates', async () => {
  const rates: number[] = [];
  const run = await train({
    ...composed(evaluator, 'rates'),
    lr: step({ lr: 0.1, milestones: [0.5], factor: 0.5 }),
    loss: crossEntropy(),
    epochs: 2,
    callbacks: [{ onStep: ({ lr, stepsPerEpoch, step }) => void rates.push(lr, stepsPerEpoch, step) }],
  });
  expect(run.stopped).toBe('finished');
  expect(rates).toEqual([0.1, 3, 1, 0.1, 3, 2, 0.1, 3, 3, 0.05, 3, 4, 0.05, 3, 5, 0.05, 3, 6]);
});

it('refuses layers that are not there, and to freeze them all', async () => {
  const options = (freeze: string[]) => ({ ...composed(evaluator, 'refused'), freeze });
  await expect(train(options(['stgae1']))).rejects.toThrow(
    '`freeze` names `stgae1`, but it has no layer of that name; did you mean stage1?',
  );
  await expect(train(options(['stem', 'stage1', 'stage2', 'classifier']))).rejects.toThrow('leaves nothing to train');
});

it('refuses soft labels that are no shares', async () => {
  const wrong: Dataset = {
    ...data.train,
    read: async (index) => ({ ...(await data.train.read(index)), targets: [0.5, 0.5] }),
  };
  await expect(train({ ...composed(evaluator, 'shares'), data: { ...data, train: wrong } })).rejects.toThrow(
    'expected 3 shares from 0 to 1 as `targets`',
  );
});

it('keeps soft labels where the validation images are held out of the training images, and in the exported step', async () => {
  const { validation: _, ...rest } = data;
  const losses: number[] = [];
  const options: TrainOptions = {
    ...composed(evaluator, 'held out'),
    data: rest,
    augment: [],
    loss: crossEntropy(),
    epochs: 1,
    lr: 0,
    callbacks: [{ onStep: ({ loss }) => void losses.push(loss) }],
  };
  const run = await train(options);
  const hard = { ...data.train, softLabels: false };
  const before = losses.splice(0);
  await train({ ...options, data: { ...rest, train: hard }, out: join(folder, 'hard labels') });
  expect(losses).not.toEqual(before);
  await expect(train({ ...options, data: { ...rest, train: hard }, resume: true })).rejects.toThrow(
    'started with `softLabels` true',
  );

  const last = join(run.folder, 'last.safetensors');
  const { step: onnx } = runStepOnnx(last, await loadCheckpoint(last), { network: staged });
  const text = Buffer.from(onnx).toString('latin1');
  // of both batches together
  expect(text).toContain('input:targets');
  expect(text).not.toContain('input:labels');
});

it('does not take a layer called average for an average', async () => {
  const branches = defineNetwork('branches', (image, { classes }) => {
    const branch = () => conv(image, 4, { kernel: 3, name: 'conv' });
    return linear(globalAveragePool(add(branch(), scope('average', branch))), classes);
  });
  const { average: _, ...options } = composed(evaluator, 'branches');
  const run = await train({ ...options, model: branches, freeze: [], epochs: 1 });
  const classifier = await loadClassifier(join(run.folder, 'last.safetensors'), { engine: 'evaluator' });
  try {
    expect((await classifier.evaluate(data.test)).loss).toBeClose(run.test?.last.loss as number, { relative: 1e-4 });
  } finally {
    await classifier.dispose();
  }
});

it('says that a part is to be called, and that a head which starts anew cannot be frozen', async () => {
  const options = composed(evaluator, 'mistakes');
  await expect(train({ ...options, augment: [flip as never] })).rejects.toThrow(
    expect.objectContaining({ message: 'train: `augment` holds the function flip', hint: 'call it: flip()' }),
  );
  const three = await train({ ...options, freeze: [], epochs: 1, out: join(folder, 'three') });
  const two = (dataset: Dataset): Dataset => ({
    name: dataset.name,
    classes: ['a', 'b'],
    length: dataset.length,
    read: async (index) => ({ image: (await dataset.read(index)).image, label: index % 2 }),
  });
  const others = { ...data, train: two(data.train), validation: two(data.validation), test: two(data.test) };
  await expect(
    train({ ...options, data: others, freeze: ['classifier'], weights: join(three.folder, 'last.safetensors') }),
  ).rejects.toThrow('`classifier` starts anew, but it is frozen');
});

it('takes a rate that is usual with the optimiser', async () => {
  const first = async (options: Partial<TrainOptions>, name: string) => {
    let rate = 0;
    const { lr: _, ...rest } = composed(evaluator, name);
    const onStep = ({ lr }: { lr: number }) => {
      rate ||= lr;
    };
    await train({ ...rest, ...options, epochs: 1, callbacks: [{ onStep }] });
    return rate;
  };
  expect(await first({}, 'rate of adamw')).toBe(0.001);
  // 0.1 is for batches of 128 images, and these are of 16
  expect(await first({ optimiser: sgd() }, 'rate of sgd')).toBe(0.0125);
});
