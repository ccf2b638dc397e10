/** `train` as a user calls it: what it leaves on disk, how it picks, stops and fails. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  averagePool,
  batchNorm,
  type Callback,
  type Classifier,
  conv,
  type Dataset,
  defineNetwork,
  flatten,
  type Image,
  linear,
  loadClassifier,
  memoryDataset,
  multiply,
  padCrop,
  Random,
  relu,
  resnet,
  type Sample,
  type Schedule,
  type StepEvent,
  type TrainOptions,
  train,
} from 'skein';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { shapes } from '../examples/custom-dataset.ts';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { onnxruntime } from '../src/engines/index.ts';
import { initialState } from '../src/ir/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { type SkeinError, TrainingError, tensor } from '../src/tensor/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-training-'));
});
afterAll(() => rm(folder, { recursive: true }));

const size = 12;
const classes = ['disc', 'square', 'cross'];
const normalisation = { mean: [0.3], std: [0.25] };
const split = (name: string, length: number) => shapes({ name, length, size });
const data = { train: split('train', 54), validation: split('validation', 24), test: split('test', 30), normalisation };

/** A network that the models' names do not know. */
const own = defineNetwork('own', (image, { classes }) => {
  const x = relu(batchNorm(conv(image, 8, { kernel: 3 })));
  return linear(flatten(averagePool(x, { kernel: 3 })), classes);
});

/** Images of another size, for some samples. */
const resized = (name: string, side: number, share = 1, channels = 1) => ({
  name,
  options: {},
  apply: (sample: Sample, random: Random): Sample =>
    random.uniform() < share
      ? {
          ...sample,
          image: { channels, height: side, width: side, pixels: new Uint8Array(channels * side * side) },
        }
      : sample,
});

const options = (name: string): TrainOptions => ({
  model: own,
  data,
  epochs: 3,
  batchSize: 16,
  lr: 0.05,
  engine: 'onnxruntime',
  threads: 1,
  out: join(folder, name),
});

const lines = async (path: string) => (await readFile(path, 'utf8')).trimEnd().split('\n');
const failure = async (running: Promise<unknown>): Promise<SkeinError> =>
  running.then(
    () => expect.fail('it should have failed'),
    (error: SkeinError) => error,
  );

describe('a finished run', () => {
  const steps: StepEvent[] = [];
  let run: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    const callbacks: Callback[] = [{ onStep: (event) => void steps.push(event) }];
    run = await train({ ...options('finished'), augment: [padCrop({ pad: 1 })], callbacks });
  });

  it('leaves its checkpoints, its configuration and its measurements, and nothing else', async () => {
    expect((await readdir(run.folder)).sort()).toEqual([
      'best.safetensors',
      'config.yaml',
      'last.safetensors',
      'metrics.jsonl',
      'report.html',
      'results.csv',
      'split.csv',
    ]);
    expect(run).toMatchObject({ stopped: 'finished', engine: 'onnxruntime', threads: 1 });
    expect(run.peakBytes).toBeGreaterThan(1e7);
  });

  it('shows in config.yaml what would repeat it', async () => {
    expect(parse(await readFile(join(run.folder, 'config.yaml'), 'utf8'))).toMatchObject({
      model: 'own',
      data: 'train',
      epochs: 3,
      batchSize: 16,
      optimiser: { name: 'sgd', momentum: 0.9, weightDecay: 1e-4 },
      schedule: { name: 'cosine', lr: 0.05, warmup: 0.1 },
      augment: [{ name: 'padCrop', pad: 1 }],
      seed: 0,
      engine: 'onnxruntime',
      precision: 'float32',
      threads: 1,
      splits: { train: 54, validation: 24, test: 30 },
      dataDigest: expect.stringMatching(/^sha256:/),
    });
  });

  it('writes a row of results and a line of metrics for each epoch, and the test at the end', async () => {
    const rows = (await lines(join(run.folder, 'results.csv'))).map((row) => row.split(','));
    expect(rows[0]).toEqual(['epoch', 'train_loss', 'train_top1', 'validation_loss', 'validation_top1', 'lr']);
    expect(rows.slice(1).map(([epoch, loss, top1]) => [epoch, loss, top1].map(Number))).toEqual(
      run.epochs.map(({ epoch, train }) => [epoch, train.loss, train.top1]),
    );
    const metrics = (await lines(join(run.folder, 'metrics.jsonl'))).map((line) => JSON.parse(line));
    expect(metrics.map(({ kind, step }) => [kind, step])).toEqual([
      ['epoch', 4],
      ['epoch', 8],
      ['epoch', 12],
      ['test', 12],
    ]);
    expect(metrics[3]).toMatchObject(JSON.parse(JSON.stringify(run.test)));
  });

  it('told of every step with the learning rate of the schedule', () => {
    // a tenth of 12 steps is one to warm up in
    const rateOf = (step: number) => (step === 0 ? 0.025 : (0.05 / 2) * (1 + Math.cos((Math.PI * (step - 1)) / 11)));
    expect(
      steps.map(({ epoch, stepInEpoch, stepsPerEpoch, step }) => [epoch, stepInEpoch, stepsPerEpoch, step]),
    ).toEqual(Array.from({ length: 12 }, (_, i) => [Math.floor(i / 4) + 1, (i % 4) + 1, 4, i + 1]));
    steps.forEach(({ lr, step }) => {
      expect(lr).toBeClose(rateOf(step - 1));
    });
    expect(steps.at(-1)?.running).toEqual(run.epochs.at(-1)?.train);
  });

  it('scores every real sample once, also those of the last, smaller batch', () => {
    for (const { train, validation } of run.epochs) {
      expect(train.top1 * 54).toBeClose(Math.round(train.top1 * 54));
      expect(validation).toMatchObject({ total: 24, top1: validation.correct / 24 });
    }
    expect(run.test?.last.total).toBe(30);
  });

  it('is not written over', async () => {
    const before = await readFile(join(run.folder, 'last.safetensors'));
    const error = await failure(train(options('finished')));
    expect(error).toMatchObject({ code: 'CONFIG', message: `train: ${run.folder} already holds a run` });
    expect(error.hint).toContain('--resume');
    expect(await readFile(join(run.folder, 'last.safetensors'))).toEqual(before);
  });
});

describe('the best epoch', () => {
  const bestOf = (name: string, change: Partial<TrainOptions>) =>
    // a rate that is much too high, so that the accuracy goes up and down
    train({ ...options(name), epochs: 6, lr: 2, ...change });

  it('is the first with the highest validation accuracy, and best.safetensors holds its weights', async () => {
    const run = await bestOf('best', {});
    const top1 = run.epochs.map(({ validation }) => validation.top1);
    const epoch = top1.indexOf(Math.max(...top1)) + 1;
    expect(run.best).toEqual({ epoch, top1: Math.max(...top1) });
    expect(epoch).toBeLessThan(6);
    expect((await loadCheckpoint(join(run.folder, 'best.safetensors'))).training).toMatchObject({ epoch });
    const best = await loadClassifier(join(run.folder, 'best.safetensors'));
    expect((await best.evaluate(data.validation)).top1).toBe(run.best?.top1);
    const { loss, ...counts } = await best.evaluate(data.test);
    expect(run.test?.best).toMatchObject(counts);
    expect(loss).toBeClose(run.test?.best.loss as number);
    await best.dispose();
  });

  it('does not depend on the test split', async () => {
    const swapped: Dataset = {
      ...data.test,
      read: async (i) => ({ ...(await data.test.read(i)), label: (i + 1) % 3 }),
    };
    const { test: _, ...untested } = data;
    const [with1, with2, without] = await Promise.all([
      bestOf('tested', {}),
      bestOf('swapped', { data: { ...data, test: swapped } }),
      bestOf('untested', { data: untested }),
    ]);
    expect(with2.test).not.toEqual(with1.test);
    expect(without.test).toBeUndefined();
    const bytesOf = ({ folder }: { folder: string }) => readFile(join(folder, 'best.safetensors'));
    expect(await bytesOf(with2)).toEqual(await bytesOf(with1));
    expect(await bytesOf(without)).toEqual(await bytesOf(with1));
  });
});

describe('stopping', () => {
  it("by a callback's 'stop' ends the run after that epoch, tested and saved", async () => {
    const seen: number[] = [];
    const stop: Callback = { onEpoch: ({ epoch }) => (epoch === 2 ? 'stop' : undefined) };
    const watch: Callback = { onEpoch: ({ epoch }) => void seen.push(epoch) };
    const run = await train({ ...options('callback'), callbacks: [stop, watch] });
    expect(run).toMatchObject({ stopped: 'callback', test: { last: { total: 30 } } });
    expect(seen).toEqual([1, 2]);
    expect(run.epochs).toHaveLength(2);
    expect((await loadCheckpoint(join(run.folder, 'last.safetensors'))).training).toMatchObject({ epoch: 2, step: 8 });
  });

  it('by a signal ends the run after the step under way, saved so that it can go on', async () => {
    const controller = new AbortController();
    const onStep = ({ step }: StepEvent) => {
      if (step === 6) controller.abort();
    };
    const run = await train({ ...options('signal'), callbacks: [{ onStep }], signal: controller.signal });
    expect(run).toMatchObject({ stopped: 'interrupted', test: undefined, best: { epoch: 1 } });
    expect(run.epochs).toHaveLength(1);
    const { training } = await loadCheckpoint(join(run.folder, 'last.safetensors'));
    expect(training).toMatchObject({ epoch: 1, step: 6, partial: { count: 32 } });
  });

  it('by a signal that came before the first step leaves a run of no steps', async () => {
    const run = await train({ ...options('at once'), signal: AbortSignal.abort() });
    expect(run).toMatchObject({ stopped: 'interrupted', epochs: [], best: undefined });
    const { training } = await loadCheckpoint(join(run.folder, 'last.safetensors'));
    expect(training).toMatchObject({ epoch: 0, step: 0 });
  });
});

describe('numbers that are not finite', () => {
  it('end the run with the step and the parameter, and the epoch before is still saved', async () => {
    // well for an epoch of four steps, then a step that throws the weights far away
    const explode: Schedule = { name: 'explode', options: {}, rate: (step) => (step < 4 ? 0.05 : 1e30) };
    const running = train({ ...options('explode'), lr: explode });
    const error = await failure(running);
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toMatch(
      /^train: at step 6 \(epoch 2\) the loss is .+; the first parameter with a gradient that is not finite is [a-z0-9]+\.[a-z]+$/,
    );
    expect(error.hint).toContain('lower --lr');
    const saved = await loadCheckpoint(join(folder, 'explode', 'last.safetensors'));
    expect(saved.training).toMatchObject({ epoch: 1, step: 4 });
    for (const [name, { data }] of saved.tensors)
      expect((data as Float32Array).every(Number.isFinite), name).toBe(true);
    const classifier = await loadClassifier(join(folder, 'explode', 'last.safetensors'));
    expect((await classifier.evaluate(data.test)).loss).toBeLessThan(100);
    await classifier.dispose();
  });
});

describe.each([
  ['a network of one’s own', own],
  ['a resnet', resnet({ depth: 8 })],
])('the file of %s', (name, model) => {
  let classifier: Classifier;
  let images: Image[];
  let path: string;
  beforeAll(async () => {
    const run = await train({ ...options(`file of ${name}`), model, epochs: 1 });
    path = join(run.folder, 'last.safetensors');
    classifier = await loadClassifier(path, { threads: 1, batchSize: 7 });
    images = await Promise.all(Array.from({ length: 10 }, async (_, i) => (await data.test.read(i)).image));
  });
  afterAll(() => classifier.dispose());

  it('is enough to predict what the training executable predicts', async () => {
    const sizes = { network: model, image: { channels: 1, height: size, width: size }, classes: 3, batchSize: 10 };
    const predict = predictionProgram(sizes);
    const trained = await onnxruntime.compile({ predict }, { threads: 1 });
    const { tensors } = await loadCheckpoint(path);
    await trained.load(
      new Map([...predict.graph.state.keys()].map((entry) => [entry, tensors.get(entry) ?? expect.fail()])),
    );
    const pixels = images.flatMap((image) => Array.from(image.pixels, (pixel) => (pixel / 255 - 0.3) / 0.25));
    const input = tensor('float32', [10, 1, size, size], Float32Array.from(pixels));
    const logits = (await trained.run('predict', new Map([['image', input]]))).get('logits')?.data as Float32Array;
    await trained.dispose();

    const predictions = await classifier.predictAll(images, { top: 3 });
    predictions.forEach((ranked, i) => {
      const row = Array.from(logits.slice(3 * i, 3 * i + 3), Math.exp);
      const total = row.reduce((a, b) => a + b, 0);
      const probabilities = classes.map((label) => ranked.find((guess) => guess.label === label)?.probability ?? 0);
      expect(probabilities).toBeClose(
        row.map((e) => e / total),
        { relative: 1e-4, absolute: 1e-7 },
      );
      expect(ranked.map(({ probability }) => probability)).toEqual(probabilities.toSorted((a, b) => b - a));
    });
  });

  it('gives one image the same answer as it gives it among others', async () => {
    const [alone] = await classifier.predict(images[8] as Image, { top: 1 });
    const among = (await classifier.predictAll(images, { top: 1 }))[8]?.[0];
    expect(alone?.label).toBe(among?.label);
    expect(alone?.probability).toBeClose(among?.probability as number, { relative: 1e-5 });
  });
});

describe('options that cannot work are told before anything is written', () => {
  const few = { train: split('few', 10), validation: split('validation', 24), normalisation };
  it.each<[string, Partial<TrainOptions>, string]>([
    [
      'a batch larger than the data',
      { data: few, batchSize: 16 },
      'train: `batchSize` 16 is larger than the 10 training samples of few',
    ],
    ['no epochs', { epochs: 0 }, 'train: `epochs` must be a whole number of at least 1, but is 0'],
    ['half a batch', { batchSize: 2.5 }, 'train: `batchSize` must be a whole number of at least 1, but is 2.5'],
    ['a limit of nothing', { clipNorm: 0 }, 'train: `clipNorm` must be a number above 0, but is 0'],
    ['half a batch to add up', { accumulate: 0.5 }, 'train: `accumulate` must be a whole number of at least 1'],
    ['an unknown model', { model: 'resnet21' }, 'unknown model `resnet21`; did you mean resnet20?'],
    ['an unknown engine', { engine: 'abacus' }, 'unknown engine `abacus`'],
    [
      'an image that is too large for the network',
      {
        model: resnet({ depth: 8 }),
        data: {
          ...few,
          train: shapes({ name: 'large', length: 16, size: 80 }),
          validation: shapes({ name: 'large too', length: 8, size: 80 }),
        },
        batchSize: 8,
      },
      'resnet8: it takes images up to 64×64 pixels (made for 32×32), but they are 80×80',
    ],
    [
      'an augmentation that changes the size',
      { augment: [padCrop({ pad: 1 }), resized('zoom', 16)] },
      'train: the augmentation `zoom` makes [1, 16, 16] of [1, 12, 12], but the network is built for images as they are in train',
    ],
    [
      'an augmentation that changes the size of some',
      { augment: [resized('sometimes', 16, 0.5)] },
      'train: the augmentation `sometimes` makes [1, 16, 16] of [1, 12, 12]',
    ],
    [
      'an augmentation that changes the channels',
      { augment: [resized('coloured', size, 1, 3)] },
      'train: the augmentation `coloured` makes [3, 12, 12] of [1, 12, 12]',
    ],
    [
      'images of another size for validation',
      { data: { ...data, validation: shapes({ name: 'large', length: 8, size: 16 }) } },
      'train: images of train are [1, 12, 12], but those of large are [1, 16, 16]',
    ],
    ['nothing to resume', { resume: true }, 'train: there is no folder '],
  ])('%s', async (name, change, message) => {
    const error = await failure(train({ ...options(`wrong ${name}`), ...change }));
    expect(error.code).toBe('CONFIG');
    expect(error.message).toContain(message);
    await expect(readdir(join(folder, `wrong ${name}`))).rejects.toThrow('ENOENT');
  });
});

test('a dataset that fails while it is read ends the run with its own error', async () => {
  const broken: Dataset = {
    ...data.train,
    read: (index) => {
      if (index === 40) throw new Error('sample 40 is gone');
      return data.train.read(index);
    },
  };
  // known labels, so that nothing is read before training
  expect((await failure(train({ ...options('broken'), data: { ...data, train: broken } }))).message).toBe(
    'sample 40 is gone',
  );
});

test('augmentations of which one undoes what the other does to the size train', async () => {
  const augment = [resized('large', 16), resized('small', size)];
  const run = await train({ ...options('there and back'), epochs: 1, augment });
  expect(run).toMatchObject({ stopped: 'finished', epochs: [{ epoch: 1 }] });
});

test('a training set of one batch, all of one class, trains; of equal epochs the first is the best', async () => {
  const random = new Random('one class');
  const pixels = Uint8Array.from({ length: 4 * size * size }, () => random.integer(256));
  const one = memoryDataset({
    name: 'one',
    classes: ['only'],
    channels: 1,
    height: size,
    width: size,
    pixels,
    labels: [0, 0, 0, 0],
  });
  const run = await train({
    ...options('one class'),
    data: { train: one, validation: one, normalisation },
    batchSize: 4,
    epochs: 2,
  });
  expect(run).toMatchObject({ stopped: 'finished', best: { epoch: 1, top1: 1 }, test: undefined });
});

test('equal seeds give equal files, another seed another start', async () => {
  const [first, again, other] = await Promise.all(
    [0, 0, 1].map((seed, i) => train({ ...options(`seed ${i}`), epochs: 1, seed })),
  );
  const bytesOf = (run: typeof first) => readFile(join(run?.folder ?? '', 'last.safetensors'));
  expect(await bytesOf(again)).toEqual(await bytesOf(first));
  expect(await bytesOf(other)).not.toEqual(await bytesOf(first));
  const { graph } = predictionProgram({
    network: own,
    image: { channels: 1, height: size, width: size },
    classes: 3,
    batchSize: 1,
  });
  expect(initialState(graph, 1).get('conv1.weight')).not.toEqual(initialState(graph, 0).get('conv1.weight'));
});

test('a network that fixes its batch size is refused before anything is trained', async () => {
  const stubborn = defineNetwork('stubborn', (image, { classes }) => {
    const [batch] = image.type.shape as [number];
    return linear(flatten(multiply(image, image.graph.constant(1, [batch, 1, 1, 1]))), classes);
  });
  const refused = train({
    model: stubborn,
    data: 'fashion-mnist-sample',
    epochs: 1,
    out: join(folder, 'stubborn'),
  });
  await expect(refused).rejects.toThrow('only works at the batch size that it was built for');
});
