/** What starting weights know of classes and pixels is taken by name, on tiny networks and the evaluator. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  type Dataset,
  defineNetwork,
  globalAveragePool,
  linear,
  loadClassifier,
  type Network,
  relu,
  type Splits,
  type StartEvent,
  scope,
  type TrainOptions,
  train,
} from 'skein';
import { ema } from 'skein/averages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../src/checkpoint/index.ts';
import { relabelled } from '../src/data/index.ts';
import { linearClassifier } from '../src/models/index.ts';
import { encodeSafetensors } from '../src/tensor/index.ts';

let folder: string;
let first: string;

const body = (image: Parameters<typeof conv>[0]) =>
  scope('stem', () => relu(batchNorm(conv(averagePool(image, { kernel: 2 }), 4, { kernel: 3 }))));
const tiny = defineNetwork('tiny', (image, { classes }) =>
  linear(globalAveragePool(body(image)), classes, { name: 'classifier' }),
);
const known = ['disc', 'square', 'cross'];
const split = (name: string, length: number) => shapes({ name, length, size: 8 });
const data: Splits = {
  train: split('train', 12),
  validation: split('validation', 6),
  normalisation: { mean: [0.3], std: [0.25] },
};
const options = (name: string, more: Partial<TrainOptions> = {}): TrainOptions => ({
  model: tiny,
  data,
  epochs: 1,
  batchSize: 12,
  lr: 1e-12,
  engine: 'evaluator',
  out: join(folder, name),
  ...more,
});

/** The same images, whose classes are called so and stand in this order: class i was class `places[i]`. */
function classesOf(classes: readonly string[], places: readonly number[] = classes.map((_, i) => i)): Splits {
  const back = places.map((_, i) => places.indexOf(i));
  const changed = (dataset: Dataset) => relabelled(dataset, classes, back);
  return { ...data, train: changed(data.train), validation: changed(data.validation as Dataset) };
}

interface Begun {
  readonly event: StartEvent;
  /** The checkpoint after a step that changes next to nothing. */
  readonly last: Checkpoint;
}

async function begun(name: string, more: Partial<TrainOptions>): Promise<Begun> {
  let event: StartEvent | undefined;
  const onStart = (told: StartEvent) => {
    event = told;
  };
  const run = await train(options(name, { ...more, callbacks: [{ onStart }] }));
  return { event: event as StartEvent, last: await loadCheckpoint(join(run.folder, 'last.safetensors')) };
}

const numbers = ({ tensors }: Checkpoint, name: string) => tensors.get(name)?.data as Float32Array;
/** Row i is row `places[i]`. */
const rows = (content: Float32Array, places: readonly number[]) => {
  const size = content.length / places.length;
  return Float32Array.from(places.flatMap((place) => [...content.subarray(place * size, (place + 1) * size)]));
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-classes-'));
  first = join((await train({ ...options('first'), lr: 0.05, epochs: 2 })).folder, 'last.safetensors');
});
afterAll(() => rm(folder, { recursive: true }));

describe('the head of starting weights', () => {
  it('is kept where the classes are the same, and said', async () => {
    const { event, last } = await begun('same', { weights: first });
    expect(event.startingHead).toEqual({ path: 'classifier', fate: 'kept' });
    expect(event.renewedHead).toBeUndefined();
    expect(numbers(last, 'classifier.weight')).toBeClose(numbers(await loadCheckpoint(first), 'classifier.weight'));
  });

  it("is put into the order of the data's names, weight, bias and average, so that it answers as before", async () => {
    const places = [2, 0, 1];
    const names = places.map((place) => known[place] as string);
    const reordered = classesOf(names, places);
    const { event, last } = await begun('reordered', { weights: first, data: reordered, average: ema() });
    expect(event.startingHead).toEqual({
      path: 'classifier',
      fate: 'reordered',
      reason: '`cross` is class 0 of the data and was class 2 of the weights',
    });
    const before = await loadCheckpoint(first);
    expect(last.classes).toEqual(['cross', 'disc', 'square']);
    for (const name of ['classifier.weight', 'classifier.bias'])
      expect(numbers(last, name)).toBeClose(rows(numbers(before, name), places));
    expect(numbers(last, 'average.classifier.weight')).toBeClose(numbers(last, 'classifier.weight'));

    const classifier = await loadClassifier(join(folder, 'reordered', 'last.safetensors'), { engine: 'evaluator' });
    const original = await loadClassifier(first, { engine: 'evaluator' });
    try {
      const { image } = await data.train.read(1);
      const byLabel = async (of: typeof classifier) =>
        new Map((await of.predict(image)).map(({ label, probability }) => [label, probability] as const));
      const [now, then] = [await byLabel(classifier), await byLabel(original)];
      for (const name of known) expect(now.get(name)).toBeCloseTo(then.get(name) as number, 2);
    } finally {
      await classifier.dispose();
      await original.dispose();
    }
  });

  it.each([
    ['one of the names is another', ['disc', 'square', 'star'], 'the weights do not know `star`'],
    ['all names are others', ['Scheibe', 'Quadrat', 'Kreuz'], 'the weights do not know `Scheibe`, `Quadrat`, `Kreuz`'],
    ['names differ in case', ['Disc', 'Square', 'Cross'], 'the weights do not know `Disc`, `Square`, `Cross`'],
  ])('starts anew where %s, although there are as many', async (_, names, reason) => {
    const { event, last } = await begun(`renewed ${names[0]} ${names[2]}`, { weights: first, data: classesOf(names) });
    expect(event).toMatchObject({ renewedHead: 'classifier', startingHead: { fate: 'renewed', reason } });
    const fresh = await begun(`fresh ${names[0]} ${names[2]}`, { data: classesOf(names) });
    expect(numbers(last, 'classifier.weight')).toBeClose(numbers(fresh.last, 'classifier.weight'));
    expect(numbers(last, 'stem.conv1.weight')).toBeClose(numbers(await loadCheckpoint(first), 'stem.conv1.weight'));
  });

  it('is kept by position where either side has no names, or where that is asked for, and said', async () => {
    const unnamed = ['class 0', 'class 1', 'class 2'];
    const before = await loadCheckpoint(first);
    const without = await begun('without names', { weights: first, data: classesOf(unnamed) });
    expect(without.event.startingHead).toMatchObject({ fate: 'by position', reason: expect.stringContaining('data') });
    expect(numbers(without.last, 'classifier.weight')).toBeClose(numbers(before, 'classifier.weight'));

    const bare = join(folder, 'bare.safetensors');
    const weights = [...before.tensors].filter(([name]) => !name.startsWith('momentum.'));
    await writeFile(bare, encodeSafetensors(new Map(weights), {}));
    const { event } = await begun('bare', { weights: bare });
    expect(event.startingHead).toMatchObject({ fate: 'by position', reason: expect.stringContaining('weights') });
    await writeFile(bare, encodeSafetensors(new Map(weights), { classes: JSON.stringify(known.toReversed()) }));
    expect((await begun('named', { weights: bare })).event.startingHead).toMatchObject({ fate: 'reordered' });

    const others = { weights: first, data: classesOf(['eins', 'zwei', 'drei']), classesByPosition: true };
    expect((await begun('asked for', others)).event.startingHead).toMatchObject({ fate: 'by position' });
    const two = { ...data, train: few(data.train), validation: few(data.train) };
    await expect(begun('two', { ...others, data: two, batchSize: 4 })).rejects.toThrow(
      'the weights know 3 and the data has 2',
    );
  });

  it('starts anew where it has no row for each class that could change places', async () => {
    const names = ['square', 'disc', 'cross'];
    const swapped = classesOf(names, [1, 0, 2]);
    // its last layer scales what another has made of the classes
    const scaled = defineNetwork('scaled', (image, { classes }) =>
      batchNorm(linear(globalAveragePool(body(image)), classes, { name: 'classes' }), { name: 'scale' }),
    );
    // and here a part of the logits does not come from the head
    const beside = defineNetwork('beside', (image, { classes }) => {
      const pooled = globalAveragePool(body(image));
      return add(linear(pooled, classes, { name: 'one' }), linear(pooled, classes, { name: 'two' }));
    });
    for (const model of [scaled, beside] as Network[]) {
      const { folder: run } = await train(options(model.name, { model }));
      const weights = join(run, 'last.safetensors');
      const { event } = await begun(`${model.name} swapped`, { model, weights, data: swapped });
      expect(event.startingHead?.reason).toContain('no row for each class');
      expect(event.renewedHead, model.name).toBeDefined();
    }
  });

  it('may be a convolution', async () => {
    const model = defineNetwork('maps', (image, { classes }) =>
      globalAveragePool(conv(body(image), classes, { kernel: 1, bias: true, name: 'maps' })),
    );
    const { folder: run } = await train(options('maps', { model }));
    const swapped = classesOf(['square', 'disc', 'cross'], [1, 0, 2]);
    const weights = join(run, 'last.safetensors');
    const { event, last } = await begun('maps swapped', { model, weights, data: swapped });
    expect(event.startingHead).toMatchObject({ path: 'maps', fate: 'reordered' });
    const before = await loadCheckpoint(weights);
    expect(numbers(last, 'maps.weight')).toBeClose(rows(numbers(before, 'maps.weight'), [1, 0, 2]));
  });

  it('is refused where it is all that there is, or where it starts anew and is frozen', async () => {
    const model = linearClassifier();
    const { folder: run } = await train(options('linear', { model }));
    const weights = join(run, 'last.safetensors');
    const others = classesOf(['eins', 'zwei', 'drei']);
    await expect(begun('linear others', { model, weights, data: others })).rejects.toThrow(
      'its weights are for other classes, and no part of the network could be kept',
    );
    const turned = classesOf(known.toReversed(), [2, 1, 0]);
    expect((await begun('linear turned', { model, weights, data: turned })).event.startingHead?.fate).toBe('reordered');
    await expect(begun('frozen', { weights: first, data: others, freeze: ['classifier'] })).rejects.toThrow(
      '`classifier` starts anew, but it is frozen: the weights do not know `eins`',
    );
  });
});

describe('mean and std of starting weights', () => {
  const other = { mean: [0.1], std: [0.9] };

  it("are the run's, which goes on with them even where the weights are gone", async () => {
    const weights = join(folder, 'for a while.safetensors');
    await saveCheckpoint(weights, await loadCheckpoint(first));
    const more = { weights, data: { ...data, normalisation: other }, epochs: 2, lr: 0.05 };
    const whole = await begun('pixels', more);
    expect(whole.event.startingPreprocessing).toEqual({ mean: [0.3], std: [0.25], data: other });
    expect(whole.last.preprocessing).toMatchObject({ mean: [0.3], std: [0.25] });

    const out = join(folder, 'pixels in two');
    await train(options('pixels in two', { ...more, callbacks: [{ onEpoch: () => 'stop' }] }));
    await rm(weights);
    await train(options('pixels in two', { ...more, resume: true }));
    const resumed = await loadCheckpoint(join(out, 'last.safetensors'));
    expect(resumed.preprocessing).toEqual(whole.last.preprocessing);
    expect(numbers(resumed, 'stem.conv1.weight')).toEqual(numbers(whole.last, 'stem.conv1.weight'));
  });

  it('are the data’s where that is asked for, and nothing is said where both are the same', async () => {
    const more = { weights: first, data: { ...data, normalisation: other } };
    const { event, last } = await begun('own pixels', { ...more, preprocessing: 'data' });
    expect(event.startingPreprocessing).toBeUndefined();
    expect(last.preprocessing).toMatchObject(other);
    expect((await begun('same pixels', { weights: first })).event.startingPreprocessing).toBeUndefined();
    await expect(begun('mine', { ...more, preprocessing: 'mine' as never })).rejects.toThrow(
      '`preprocessing` must be weights or data, but is mine',
    );
  });

  it('are not taken from weights for images of other channels', async () => {
    const three = await loadCheckpoint(first);
    const path = join(folder, 'three channels.safetensors');
    const preprocessing = { ...three.preprocessing, channels: 3, mean: [0, 0, 0], std: [1, 1, 1] };
    await saveCheckpoint(path, { ...three, preprocessing });
    await expect(begun('channels', { weights: path })).rejects.toThrow('three channels.safetensors: ');
  });
});

/** Samples of the first two classes alone. */
const few = (dataset: Dataset): Dataset => ({
  name: dataset.name,
  classes: dataset.classes.slice(0, 2),
  length: 4,
  read: async (index) => ({ ...(await dataset.read(index)), label: index % 2 }),
});
