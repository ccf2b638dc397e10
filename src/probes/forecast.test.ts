import { expect, test } from 'vitest';
import { Random } from '../tensor/index.ts';
import { type Estimate, forecast, forecastOf, type SplitFeatures } from './index.ts';

const width = 12;
const classes = 3;

/** Classes that overlap: class 2 lies between the others. */
function images(each: readonly number[], seed: string): SplitFeatures {
  const random = new Random(seed);
  const labels = each.flatMap((count, label) => Array.from({ length: count }, () => label));
  const features = Float32Array.from({ length: labels.length * width }, (_, k) => {
    const label = labels[Math.floor(k / width)]!;
    const centre = label === 2 ? 0.9 : k % 2 === label ? 1.8 : 0;
    return centre * (k % width < 4 ? 1 : 0.2) + random.normal();
  });
  return { features, width, labels, indices: labels.map((_, i) => i) };
}

const train = images([60, 60, 60], 'train');
const validation = images([20, 20, 20], 'validation');

const ordered = ({ value, low, high }: Estimate) => low <= value && value <= high;

test('a forecast tells what more images bring, and twice the same', () => {
  const told = forecast({ train, validation, classes, seed: 3 })!;
  expect(told.classes.map(({ label, images }) => [label, images])).toEqual([0, 1, 2].map((label) => [label, 60]));
  expect(told).toMatchObject({ tooFew: [], alone: true, measured: { images: 240, by: 'folds' } });
  for (const { now, more } of told.classes) {
    expect(more.map(({ added }) => added)).toEqual([50, 100]);
    for (const estimate of [now, ...more.flatMap(({ accuracy, gain, all }) => [accuracy, gain, all])])
      expect(ordered(estimate)).toBe(true);
    expect(more[1]!.gain.value).toBeGreaterThanOrEqual(more[0]!.gain.value);
    expect(more[0]!.gain.value).toBeGreaterThanOrEqual(0);
  }
  // the one between the others is the hardest
  expect(told.classes[2]!.now.value).toBeLessThan(told.classes[0]!.now.value);
  expect(forecast({ train, validation, classes, seed: 3 })).toEqual(told);
});

test('intervals hold what many more images bring in truth, and are narrower with more to measure with', () => {
  const options = { classes, added: [120], alone: false };
  const told = forecast({ ...options, train, validation })!;
  const wide = forecast({ ...options, train, validation, trainedOnThese: true })!;
  const large = forecast({
    ...options,
    train: images([180, 180, 180], 'train'),
    validation: images([600, 600, 600], 'v'),
  })!;
  told.classes.forEach(({ more }, label) => {
    const { low, high } = more[0]!.accuracy;
    const came = large.classes[label]!.now.value;
    expect(came).toBeGreaterThan(low);
    expect(came).toBeLessThan(high);
  });
  expect(wide.measured).toEqual({ images: 60, by: 'validation' });
  const range = ({ low, high }: Estimate) => high - low;
  expect(range(wide.everyClass.now)).toBeGreaterThan(range(told.everyClass.now));
});

test('a class without mistakes is not taken for perfect', () => {
  const apart = (rows: SplitFeatures): SplitFeatures => ({
    ...rows,
    features: rows.features.map((x, k) => x + (rows.labels[Math.floor(k / width)] === 1 && k % width === 5 ? 30 : 0)),
  });
  const told = forecast({ train: apart(train), validation: apart(validation), classes, alone: false })!;
  const { now } = told.classes[1]!;
  expect(now.value).toBeGreaterThan(0.97);
  expect(now.low).toBeLessThan(0.995);
  expect(now.low).toBeGreaterThan(0.9);
});

test('classes with too few images are named, and nothing is told where all but one have too few', () => {
  const told = forecast({ train: images([40, 40, 3], 'few'), validation, classes, alone: false })!;
  expect(told.tooFew).toEqual([2]);
  expect(told.classes.map(({ label }) => label)).toEqual([0, 1]);
  expect(forecast({ train: images([40, 5, 3], 'few'), validation, classes })).toBeUndefined();
});

test('forecast and doubtful labels come together, with the sample of the split that each is', () => {
  const moved = { ...validation, indices: validation.indices, labels: Array.from(validation.labels).with(4, 1) };
  const { forecast: told, doubtful } = forecastOf(train, moved, classes, 5, { alone: false });
  expect(told?.classes).toHaveLength(3);
  expect(doubtful.find(({ split, index }) => split === 'validation' && index === 4)).toMatchObject({ label: 1 });
});

test('the agreement is the share of labels that a classifier gives which was not fitted on them', () => {
  const apart = (rows: SplitFeatures): SplitFeatures => ({
    ...rows,
    features: rows.features.map((x, k) => x + (k % width === rows.labels[Math.floor(k / width)] ? 30 : 0)),
  });
  const mislabelled = { ...apart(validation), labels: Array.from(validation.labels).with(4, 1) };
  expect(forecastOf(apart(train), mislabelled, classes, 5, { alone: false }).agreement).toBe(239 / 240);
});
