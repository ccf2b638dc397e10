import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DataError, Random } from '../tensor/index.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { scoreFeatures } from './score-features.ts';

interface GoldenRows {
  readonly features: readonly number[];
  readonly labels: readonly number[];
}

/** Of scikit-learn. */
interface Golden {
  readonly classes: number;
  readonly width: number;
  readonly l2: number;
  readonly k: number;
  readonly known: GoldenRows;
  readonly asked: GoldenRows;
  readonly guesses: readonly number[];
  readonly neighbours: readonly number[];
  readonly distances: readonly number[];
  readonly ownNeighbours: readonly number[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../../tests/feature-scores-golden.json', import.meta.url), 'utf8'),
);
const { classes, width, l2, k } = golden;
const rows = ({ features, labels }: GoldenRows) => ({
  features: Float64Array.from(features),
  width,
  labels: Int32Array.from(labels),
});
const [known, asked] = [rows(golden.known), rows(golden.asked)];

it('the probe tells as many classes as scikit-learn’s logistic regression', () => {
  const correct = golden.guesses.filter((guess, row) => guess === golden.asked.labels[row]).length;
  const { probe, folds } = scoreFeatures({ known, asked, classes, l2, k });
  expect([probe, folds]).toEqual([{ top1: correct / 40, correct, total: 40 }, undefined]);
});

it('neighbours are those of scikit-learn, of other rows and of its own', () => {
  const found = nearestNeighbours({ features: known.features, width, k, queries: asked.features });
  expect([...found.indices]).toEqual(golden.neighbours);
  expect(found.distances).toBeClose(Float64Array.from(golden.distances), { absolute: 1e-11 });
  expect([...nearestNeighbours({ features: known.features, width, k }).indices]).toEqual(golden.ownNeighbours);
});

it('the same rows are scored by what is known of the others, the same way each time', () => {
  const scores = scoreFeatures({ known, classes, k });
  expect(scores.folds).toBe(5);
  expect([scores.probe.total, scores.nearest.total]).toEqual([80, 80]);
  expect(scoreFeatures({ known, classes, k })).toEqual(scores);
  // labels that have nothing to do with the features are told by chance alone: a row that saw itself would be told right
  const random = new Random('labels');
  const labels = Int32Array.from(known.labels, () => random.integer(classes));
  const guessed = scoreFeatures({ known: { ...known, labels }, classes, k: 1 });
  expect(guessed.probe.top1).toBeLessThan(0.45);
  expect(guessed.nearest.top1).toBeLessThan(0.45);
  expect(scores.probe.top1).toBeGreaterThan(0.6);
});

it('refuses rows of one class', () => {
  expect(() => scoreFeatures({ known: { ...known, labels: new Int32Array(80) }, classes })).toThrow(DataError);
});
