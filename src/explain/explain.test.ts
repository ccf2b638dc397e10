import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallCheckpoint, smallImage } from '../../tests/small-checkpoint.ts';
import { saveCheckpoint } from '../checkpoint/index.ts';
import type { Dataset, Image } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';
import { type Classifier, loadClassifier } from '../trained/index.ts';
import { explain, nearestImages, surestMistakes } from './index.ts';

let folder: string;
let path: string;
let classifier: Classifier;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-explain-'));
  path = join(folder, 'small.safetensors');
  await saveCheckpoint(path, smallCheckpoint());
  classifier = await loadClassifier(path, { engine: 'evaluator', batchSize: 16 });
});
afterAll(async () => {
  await classifier.dispose();
  await rm(folder, { recursive: true });
});

const image = smallImage('first');

describe('explain', () => {
  it('gives a map of every method for the label that is predicted, from a file or a classifier', async () => {
    const options = { images: [{ image, name: 'first' }], methods: 'all', checks: false } as const;
    const explained = await explain(classifier, options);
    const [first] = explained.images;
    expect(explained.layer).toBe('stage2');
    expect(first?.maps.map(({ method, layer, map }) => [method, layer, map.shape])).toEqual([
      ['gradCam', 'stage2', [8, 8]],
      ['gradCamPlusPlus', 'stage2', [8, 8]],
      ['hiResCam', 'stage2', [8, 8]],
      ['integratedGradients', undefined, [16, 16]],
      ['occlusion', undefined, [16, 16]],
    ]);
    const [likeliest] = await classifier.predict(image);
    for (const { label, probability } of first?.maps ?? []) {
      expect(label).toBe(likeliest?.label);
      expect(probability).toBeClose(likeliest?.probability as number);
    }
    expect(await explain(path, { ...options, engine: 'evaluator' })).toEqual(explained);
  });

  it('reads probabilities of a calibrated checkpoint at its temperature, and leaves logits as they are', async () => {
    const calibration = { temperature: 5, data: 'made', split: 'val', images: 20 };
    const calibratedPath = join(folder, 'calibrated.safetensors');
    await saveCheckpoint(calibratedPath, { ...smallCheckpoint(), calibration });
    const calibrated = await loadClassifier(calibratedPath, { engine: 'evaluator', batchSize: 4 });
    try {
      const methods = ['integratedGradients:steps=2,tolerance=1', 'occlusion:window=8,stride=8'];
      const options = { images: [image], methods, checks: false };
      const mapsOf = async (trained: Classifier) => (await explain(trained, options)).images[0]?.maps ?? [];
      const [gradients, covered] = await mapsOf(calibrated);
      const [plainGradients, plainCovered] = await mapsOf(classifier);
      const [likeliest] = await calibrated.predict(image);
      expect(covered?.probability).toBeClose(likeliest?.probability as number);
      expect(covered?.probability).toBeLessThan(plainCovered?.probability as number);
      expect(covered?.map).not.toEqual(plainCovered?.map);
      const difference = gradients?.completeness?.difference as number;
      expect(difference).toBeClose(plainGradients?.completeness?.difference as number);
    } finally {
      await calibrated.dispose();
    }
  });

  it('explains the true label, too, where it is known and another', async () => {
    const [likeliest, second] = await classifier.predict(image);
    const labels = async (truth: string | undefined, label?: string) => {
      const given = truth === undefined ? image : { image, truth };
      const asked = label === undefined ? {} : { label };
      const found = await explain(classifier, { images: [given], methods: 'gradCam', checks: false, ...asked });
      return found.images[0]?.maps.map((map) => map.label);
    };
    expect(await labels(undefined)).toEqual([likeliest?.label]);
    expect(await labels(likeliest?.label)).toEqual([likeliest?.label]);
    expect(await labels(second?.label)).toEqual([likeliest?.label, second?.label]);
    expect(await labels(undefined, 'dog')).toEqual(['dog']);
  });

  it('adds up to the difference of the logits within one percent, by either rule and from either baseline', async () => {
    for (const rule of ['midpoint', 'trapezoid'])
      for (const baseline of ['black', 'mean']) {
        const methods = [`integratedGradients:steps=10,rule=${rule},baseline=${baseline}`];
        const found = await explain(classifier, { images: [image, smallImage('second')], methods, checks: false });
        for (const { maps } of found.images)
          for (const { map, completeness } of maps) {
            const sum = map.data.reduce((total, value) => total + value, 0);
            const difference = completeness?.difference as number;
            expect(Math.abs(sum - difference)).toBeLessThan(0.01 * Math.abs(difference));
            expect(completeness?.gap).toBeClose(Math.abs(sum / difference - 1), { relative: 0.01, absolute: 1e-6 });
          }
      }
  });

  it('checks each map: scores beside random ones, and maps of randomised weights, the same for the same seed', async () => {
    const options = { images: [image], methods: 'gradCam,integratedGradients:steps=5,tolerance=1', seed: 4 };
    const done: string[] = [];
    const found = await explain(classifier, { ...options, onProgress: (at, of) => void done.push(`${at} of ${of}`) });
    for (const { method, checks } of found.images[0]?.maps ?? []) {
      expect(checks?.randomised.map((stage) => stage.path)).toEqual(['classifier', 'stage2', 'stage1']);
      expect(checks?.random.maps).toBe(5);
      for (const score of [checks?.insertion, checks?.deletion, checks?.random.insertion, checks?.random.deletion]) {
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThan(1);
      }
      if (method === 'integratedGradients')
        expect(Math.abs(checks?.randomised.at(-1)?.correlation ?? 1)).toBeLessThan(0.3);
      expect(checks?.verdict).toMatch(/^(What it marks|The map is empty)/);
    }
    // two maps, two scores, two maps in each of three stages
    expect(done.at(-1)).toBe('10 of 10');
    expect(await explain(classifier, options)).toEqual(found);
    const other = await explain(classifier, { ...options, seed: 5 });
    expect(other.images[0]?.maps[0]?.map).toEqual(found.images[0]?.maps[0]?.map);
    expect(other.images[0]?.maps[0]?.checks?.random).not.toEqual(found.images[0]?.maps[0]?.checks?.random);
  });

  it('names what is wrong: a label, a method, an image', async () => {
    const failing = (options: object) => explain(classifier, { images: [image], checks: false, ...options });
    await expect(failing({ label: 'bees' })).rejects.toThrow(
      expect.objectContaining({
        message: "explain: `label`: expected one of the network's classes, but got `bees`; did you mean bee?",
        hint: 'they are ant, bee, cow, dog',
      }),
    );
    await expect(failing({ methods: 'gradcamm' })).rejects.toThrow('did you mean gradCam?');
    await expect(failing({ methods: [] })).rejects.toThrow(
      'explain: `methods`: expected a method or more, but got none',
    );
    await expect(failing({ images: [smallImage('x', 8)] })).rejects.toThrow(
      'image 1: expected [3, 16, 16] as the network takes it, but got [3, 8, 8] with 192 bytes',
    );
    const missing: [number, DataError][] = [];
    const onUnreadable = (index: number, error: DataError) => void missing.push([index, error]);
    const found = await failing({ images: [join(folder, 'none.png'), image], methods: 'gradCam', onUnreadable });
    expect(found.images.map(({ name }) => name)).toEqual(['image 2']);
    expect(missing).toEqual([[0, expect.any(DataError)]]);
  });

  it('ends at the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(explain(classifier, { images: [image], signal })).rejects.toThrow('enough');
  });
});

describe('a dataset', () => {
  const images: Image[] = Array.from({ length: 20 }, (_, i) => smallImage(i));
  const dataset = (labels: readonly number[]): Dataset => ({
    ...{ name: 'made', classes: classifier.classes, length: images.length, labels },
    read: (index) => ({ image: images[index] as Image, label: labels[index] as number }),
  });

  it('gives the wrong answers that the network is surest of, the surest first', async () => {
    const answers = await classifier.predictAll(images, { top: 4 });
    const guesses = answers.map(([first]) => classifier.classes.indexOf(first?.label as string));
    // every second label is another than the guess
    const labels = guesses.map((guess, i) => (i % 2 === 0 ? guess : (guess + 1) % 4));
    const expected = answers
      .map(([first], index) => ({ index, probability: first?.probability as number }))
      .filter(({ index }) => index % 2 === 1)
      .sort((a, b) => b.probability - a.probability)
      .slice(0, 3);
    const found = await surestMistakes(classifier, dataset(labels), { count: 3, workers: 0 });
    expect(found.map(({ image: own }) => images.indexOf(own as Image))).toEqual(expected.map(({ index }) => index));
    expect(found.map(({ truth }) => truth)).toEqual(
      expected.map(({ index }) => classifier.classes[labels[index] as number]),
    );
    expect(found.map(({ truthIndex }) => truthIndex)).toEqual(expected.map(({ index }) => labels[index]));
    expect(await surestMistakes(classifier, dataset(guesses), { count: 3, workers: 0 })).toEqual([]);
  });

  it('keeps classes of one name apart: a mistake has the map of its own class', async () => {
    const [likeliest] = await classifier.predict(image);
    const guess = classifier.classes.indexOf(likeliest?.label as string);
    const truth = guess === 0 ? 1 : guess - 1;
    const twins = classifier.classes.map((name, at) => (at === guess || at === truth ? 'crane' : name));
    const twinsPath = join(folder, 'twins.safetensors');
    await saveCheckpoint(twinsPath, smallCheckpoint(undefined, { classes: twins }));
    const twin = await loadClassifier(twinsPath, { engine: 'evaluator', batchSize: 1 });
    try {
      const given = { image, truth: 'crane', truthIndex: truth };
      const found = await explain(twin, { images: [given], methods: 'gradCam', checks: false });
      expect(found.images[0]?.maps.map(({ label, labelIndex }) => [label, labelIndex])).toEqual([
        ['crane', guess],
        ['crane', truth],
      ]);
      const wrong = { image, truth: 'crane', truthIndex: 9 };
      await expect(explain(twin, { images: [wrong], methods: 'gradCam', checks: false })).rejects.toThrow(
        "explain: `truthIndex`: expected the index of crane among the network's classes, but 9 is none",
      );
    } finally {
      await twin.dispose();
    }
  });

  it('gives the images that are nearest by their features: an image itself comes first', async () => {
    const nearest = await nearestImages(classifier, [images[7] as Image, images[19] as Image], {
      dataset: dataset(images.map((_, i) => i % 4)),
      k: 3,
      workers: 0,
    });
    expect(nearest.map(([first]) => [first?.index, first?.label])).toEqual([
      [7, 'dog'],
      [19, 'dog'],
    ]);
    for (const [first, second, third] of nearest) {
      expect(first?.distance).toBeLessThan(1e-6);
      expect(second?.distance).toBeLessThanOrEqual(third?.distance as number);
    }
  });
});
