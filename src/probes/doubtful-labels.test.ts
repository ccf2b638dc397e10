import { expect, test } from 'vitest';
import { Random } from '../tensor/index.ts';
import { doubtfulLabels, findDoubtfulLabels } from './index.ts';

test('planted wrong labels come first, with the class that they had', () => {
  const random = new Random('doubtful');
  const [classes, width, samples] = [3, 4, 150];
  const truth = Int32Array.from({ length: samples }, (_, i) => i % classes);
  const features = Float32Array.from({ length: samples * width }, (_, k) => {
    const sample = Math.floor(k / width);
    return (k % width === truth[sample] ? 4 : 0) + random.normal();
  });
  const planted = [7, 30, 65, 101, 148];
  const labels = truth.map((label, i) => (planted.includes(i) ? (label + 1) % classes : label));
  const found = findDoubtfulLabels({ features, width, labels, classes, seed: 1 });
  expect(
    found
      .slice(0, 5)
      .map(({ sample }) => sample)
      .sort((a, b) => a - b),
  ).toEqual(planted);
  for (const { sample, label, likelier } of found.slice(0, 5)) {
    expect([label, likelier]).toEqual([labels[sample], truth[sample]]);
  }
  expect(findDoubtfulLabels({ features, width, labels, classes, seed: 1 })).toEqual(found);
});

test('a class that nobody is sure of is held to less than one that all are sure of', () => {
  // samples of class 0 get 0.9 for it; those of class 1 only 0.5: the threshold of class 1 is lower
  const rows = [
    [0.9, 0.1],
    [0.9, 0.1],
    [0.5, 0.5],
    [0.5, 0.5],
    // labelled 0: 0.55 for class 1 passes its threshold
    [0.45, 0.55],
    // labelled 1: 0.6 for class 0 does not
    [0.6, 0.4],
  ];
  const found = doubtfulLabels(Float64Array.from(rows.flat()), [0, 0, 1, 1, 0, 1], 2);
  expect(found).toEqual([{ sample: 4, label: 0, likelier: 1, confidence: { label: 0.45, likelier: 0.55 } }]);
});

test('the order is by how much likelier the other class is', () => {
  const rows = [
    [0.4, 0.6],
    [0.1, 0.9],
    [0.9, 0.1],
    [0.2, 0.8],
  ];
  const found = doubtfulLabels(Float64Array.from(rows.flat()), [0, 0, 0, 1], 2);
  expect(found.map(({ sample }) => sample)).toEqual([1]);
  const both = doubtfulLabels(Float64Array.from(rows.flat()), [0, 0, 0, 0], 2);
  expect(both).toEqual([]);
});
