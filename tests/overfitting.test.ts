/** What a run does against overfitting and for classes of unequal size: patience, class weights, balanced epochs. */
import {
  conv,
  defineNetwork,
  globalAveragePool,
  linear,
  memorySink,
  mixup,
  relu,
  repeatedAugmentation,
  type Sample,
  type TrainOptions,
  train,
} from 'skein';
import { describe, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { subset } from '../src/data/index.ts';
import type { Tensor } from '../src/tensor/index.ts';
import { weighed } from '../src/train/class-balance.ts';
import { distance } from './distance.ts';

const size = 12;
const split = (name: string, length: number) => shapes({ name, length, size });
const all = split('train', 60);
/** 20 discs, 6 squares, 3 crosses. */
const unequal = subset(
  all,
  Array.from({ length: 60 }, (_, i) => i).filter(
    (i) => i % 3 === 0 || (i % 3 === 1 && i < 18) || (i % 3 === 2 && i < 9),
  ),
);
const data = {
  train: unequal,
  validation: split('validation', 24),
  test: split('test', 30),
  normalisation: { mean: [0.3], std: [0.25] },
};
const network = defineNetwork('own', (image, { classes }) =>
  linear(globalAveragePool(relu(conv(image, 4, { kernel: 3, bias: true }))), classes),
);
const options = { model: network, data, epochs: 3, batchSize: 8, lr: 0.05, engine: 'evaluator' } as const;

/** Of a run into memory. */
async function weightsAfter(more: Partial<TrainOptions>): Promise<ReadonlyMap<string, Tensor>> {
  const out = memorySink();
  await train({ ...options, ...more, out });
  return out.last!.tensors;
}

/** A run that is stopped after `step` steps and gone on with. */
async function interrupted(more: Partial<TrainOptions>, step: number) {
  const out = memorySink();
  const stop = new AbortController();
  const onStep = (event: { readonly step: number }) => {
    if (event.step === step) stop.abort();
  };
  const first = await train({ ...options, ...more, out, signal: stop.signal, callbacks: [{ onStep }] });
  expect(first.stopped).toBe('interrupted');
  const run = await train({ ...options, ...more, out, resume: true });
  return { run, out };
}

describe('patience', () => {
  /** So little that no answer changes: the first epoch stays the best. */
  const stuck = { epochs: 8, lr: 1e-9, patience: 2 };

  it('ends a run so many epochs after the best one, and tests it', async () => {
    const out = memorySink();
    const run = await train({ ...options, ...stuck, out });
    expect(run).toMatchObject({ stopped: 'patience', best: { epoch: 1 }, test: { best: { total: 30 } } });
    expect(run.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(out.config).toMatchObject({ epochs: 8, patience: 2 });

    const again = await train({ ...options, ...stuck, out, resume: true });
    expect(again).toMatchObject({ stopped: 'patience', epochs: [], test: run.test });

    const longer = await train({ ...options, ...stuck, patience: 4, out, resume: true });
    expect(longer.epochs.map(({ epoch }) => epoch)).toEqual([4, 5]);
    expect(out.config).toMatchObject({ patience: 4 });
  });

  it('is counted on by a run that goes on', async () => {
    const { run, out } = await interrupted(stuck, 10);
    expect(run).toMatchObject({ stopped: 'patience', best: { epoch: 1 } });
    expect(out.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  it('must be a whole number of epochs', async () => {
    await expect(train({ ...options, patience: 0, out: memorySink() })).rejects.toThrow(
      '`patience` must be a whole number of at least 1, but is 0',
    );
  });
});

describe('class weights', () => {
  it('balance classes by their sizes', async () => {
    // 29 images, 3 classes
    const asked = { disc: 29 / (3 * 20), square: 29 / (3 * 6), cross: 29 / (3 * 3) };
    const balanced = await weightsAfter({ classWeights: 'balanced' });
    expect(balanced).toEqual(await weightsAfter({ classWeights: asked }));
    expect(balanced).not.toEqual(await weightsAfter({}));
    expect(await weightsAfter({ classWeights: { disc: 1 } })).toEqual(await weightsAfter({}));
  });

  it('count mixed images by their shares, and nothing that fills a batch up', () => {
    const batch = {
      images: new Float32Array(),
      labels: Int32Array.of(0, 1, 1),
      weights: Float32Array.of(1, 1, 0),
    };
    expect(Array.from(weighed(batch, [2, 6]).weights)).toEqual([2, 6, 0]);
    const targets = Float32Array.of(0.5, 0.5, 0, 0, 1, 0);
    expect(Array.from(weighed({ ...batch, targets }, [2, 6]).weights)).toEqual([4, 1, 0]);
    expect(weighed(batch, undefined)).toBe(batch);
  });

  it.each([
    ['each image', []],
    ['some images twice', [repeatedAugmentation({ times: 2 })]],
  ])('come to the same over batches that add up as over one larger batch, with %s', async (_, augment) => {
    const losses: number[][] = [];
    const trained = async (batchSize: number, accumulate: number) => {
      const steps: number[] = [];
      const out = memorySink();
      const callbacks = [{ onStep: ({ loss }: { readonly loss: number }) => void steps.push(loss) }];
      // 29 images: the last step has two parts of unequal size
      const unlike = { classWeights: { cross: 9, square: 0.2 }, lr: 0.5, batchSize, accumulate, augment };
      await train({ ...options, ...unlike, out, callbacks });
      losses.push([...steps, ...out.epochs.map((epoch) => epoch.train.loss)]);
      return out.last!.tensors;
    };
    const [one, two] = [await trained(16, 1), await trained(8, 2)];
    for (const [name, tensor] of one) expect(distance(two.get(name) as Tensor, tensor), name).toBeLessThan(1e-5);
    losses[0]!.forEach((loss, at) => void expect(losses[1]![at]).toBeCloseTo(loss, 5));
    expect(losses[0]!.length).toBe(losses[1]!.length);
  });

  it('weigh the loss of an epoch too', async () => {
    const weights: Readonly<Record<string, number>> = { disc: 1, cross: 9, square: 0.2 };
    const byBatch = async (batchSize: number) => {
      const out = memorySink();
      // so little that each image has the same loss whenever it comes
      await train({ ...options, classWeights: weights, epochs: 1, lr: 1e-12, batchSize, out });
      return out.epochs[0]!.train.loss;
    };
    expect(await byBatch(4)).toBeCloseTo(await byBatch(29), 6);
  });

  it('are refused where batches add up whose classes are mixed', async () => {
    const mixed = { ...options, classWeights: { cross: 3 }, accumulate: 2, augment: [mixup()], out: memorySink() };
    await expect(train(mixed)).rejects.toThrow(
      '`classWeights` with `accumulate` 2 needs the class of every image of a step before its first batch',
    );
  });

  it('train with mixed images, and are recorded', async () => {
    const out = memorySink();
    await train({ ...options, epochs: 1, classWeights: { cross: 3 }, augment: [mixup()], out });
    expect(out.config).toMatchObject({ classWeights: { cross: 3 } });
    expect(out.last?.training?.config).toMatchObject({ classWeights: { cross: 3 } });
    await expect(train({ ...options, epochs: 1, augment: [mixup()], out, resume: true })).rejects.toThrow(
      'the run was started with `classWeights`',
    );
  });

  it.each([
    [
      { crosss: 2 },
      '`classWeights` names the class `crosss`, but own/train has none of that name; did you mean cross?',
    ],
    [{ cross: 0 }, '`classWeights` must be numbers above 0, but that of `cross` is 0'],
    ['even', "`classWeights` must be 'balanced' or a number for each class, but is even"],
  ])('say what is wrong with %j', async (classWeights, message) => {
    const wrong = { ...options, classWeights: classWeights as 'balanced', out: memorySink() };
    await expect(train(wrong)).rejects.toThrow(message.replace('own/train', unequal.name));
  });
});

describe('balanced sampling', () => {
  it('gives each class equally often, in epochs of the same length', async () => {
    const counts = [0, 0, 0];
    const count = {
      name: 'count',
      options: {},
      apply: (sample: Sample) => sample,
      mix: ({ targets }: { readonly targets: Float32Array }) => {
        targets.forEach((share, i) => {
          counts[i % 3] = (counts[i % 3] as number) + share;
        });
      },
    };
    const out = memorySink();
    await train({ ...options, epochs: 1, sampling: 'balanced', augment: [count], out });
    expect(counts.toSorted((a, b) => a - b)).toEqual([9, 10, 10]);
    expect(out.config).toMatchObject({ sampling: 'balanced' });
  });

  it('goes on in the middle of an epoch to the same bytes', async () => {
    const straight = await weightsAfter({ sampling: 'balanced' });
    expect(straight).not.toEqual(await weightsAfter({}));
    const { out } = await interrupted({ sampling: 'balanced' }, 6);
    expect(out.last?.tensors).toEqual(straight);
  });

  it('is one of two', async () => {
    await expect(train({ ...options, sampling: 'even' as 'balanced', out: memorySink() })).rejects.toThrow(
      '`sampling` must be shuffled or balanced, but is even',
    );
  });
});
