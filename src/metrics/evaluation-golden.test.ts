/** The statistics of an evaluation beside scikit-learn's and SciPy's: tests/evaluation_golden.py says how they were made. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  answerRows,
  ConfusionMatrix,
  calibrationError,
  confidenceBins,
  fitTemperature,
  mcNemar,
  meanOf,
} from './index.ts';

interface Golden {
  readonly classes: number;
  readonly labels: readonly number[];
  readonly logits: readonly number[];
  readonly others: readonly number[];
  readonly accuracy: number;
  readonly confusion: readonly (readonly number[])[];
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly f1: readonly number[];
  readonly support: readonly number[];
  readonly loss: number;
  readonly brier: number;
  readonly curve: { readonly accuracy: readonly number[]; readonly confidence: readonly number[] };
  readonly temperature: { readonly value: number; readonly loss: number };
  readonly mcnemar: { readonly b: number; readonly c: number; readonly p: number };
}

const golden = JSON.parse(
  readFileSync(new URL('../../tests/evaluation-golden.json', import.meta.url), 'utf8'),
) as Golden;
const { classes } = golden;
const labels = Int32Array.from(golden.labels);
const logits = Float64Array.from(golden.logits);
const rows = answerRows(logits, labels, classes);

const expectClose = (found: readonly number[], expected: readonly number[]) => {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i] as number, 10);
};

it('counts and scores classes as sklearn.metrics does', () => {
  const confusion = new ConfusionMatrix(classes);
  for (const [row, label] of labels.entries()) confusion.add(label, rows.predictions[row] as number);
  expect(confusion.rows()).toEqual(golden.confusion);
  const scores = confusion.perClass();
  for (const name of ['precision', 'recall', 'f1', 'support'] as const)
    expectClose(
      scores.map((score) => score[name]),
      golden[name],
    );
  expect(meanOf(rows.correct)).toBeCloseTo(golden.accuracy, 12);
});

it('has the loss and the Brier score of sklearn.metrics', () => {
  expectClose([meanOf(rows.losses), meanOf(rows.brier)], [golden.loss, golden.brier]);
});

it('has the bins of sklearn.calibration, and so its calibration error', () => {
  const bins = confidenceBins(rows.confidences, rows.correct);
  const filled = bins.filter(({ count }) => count > 0);
  const { accuracy, confidence } = golden.curve;
  expectClose(
    filled.map((bin) => bin.accuracy),
    accuracy,
  );
  expectClose(
    filled.map((bin) => bin.confidence),
    confidence,
  );
  const error = filled.reduce(
    (sum, { count }, i) => sum + count * Math.abs((accuracy[i] as number) - (confidence[i] as number)),
    0,
  );
  expect(calibrationError(bins)).toBeCloseTo(error / labels.length, 12);
});

it('finds the temperature that scipy.optimize finds', () => {
  const { value, loss } = golden.temperature;
  const temperature = fitTemperature(logits, labels, classes) as number;
  expect(temperature).toBeCloseTo(value, 6);
  expect(meanOf(answerRows(logits, labels, classes, { temperature }).losses)).toBeCloseTo(loss, 12);
});

it('has the p of scipy.stats.binomtest for two networks', () => {
  const other = answerRows(Float64Array.from(golden.others), labels, classes).correct;
  const only = (first: Uint8Array, second: Uint8Array) =>
    first.reduce((sum, right, row) => sum + (right && !second[row] ? 1 : 0), 0);
  const { b, c, p } = mcNemar(only(rows.correct, other), only(other, rows.correct));
  expect([b, c]).toEqual([golden.mcnemar.b, golden.mcnemar.c]);
  expect(p).toBeCloseTo(golden.mcnemar.p, 12);
});
