import { expect, test } from 'vitest';
import { reliabilityBins, softmax } from '../metrics/index.ts';
import { Random } from '../tensor/index.ts';
import { Answers } from './answers.ts';

const classes = 4;
const total = 90;

/** Answers to `total` images in batches of `batchSize`, and the same as whole arrays. */
function answered(batchSize: number) {
  const random = new Random(5).fork('logits');
  const logits = Float32Array.from({ length: total * classes }, () => 4 * random.uniform());
  const labels = Int32Array.from({ length: total }, (_, i) => i % classes);
  const answers = new Answers(classes);
  for (let i = 0; i < total; i += batchSize)
    answers.add(logits.subarray(i * classes, (i + batchSize) * classes), labels.subarray(i, i + batchSize));
  return { answers, logits, labels };
}

test('the mistakes are the 24 surest of the whole split, each with the index of its image', () => {
  const { answers, logits, labels } = answered(20);
  const rows = [...labels].map((label, index) => {
    const own = softmax(logits.subarray(index * classes, (index + 1) * classes));
    const probability = Math.max(...own);
    return { index, label, prediction: own.indexOf(probability), probability };
  });
  const wrong = rows.filter(({ label, prediction }) => label !== prediction);
  expect(wrong.length).toBeGreaterThan(24);
  expect(answers.mistakes()).toEqual(wrong.sort((a, b) => b.probability - a.probability).slice(0, 24));
  expect(answers.confusion.accuracy).toBeClose(1 - wrong.length / total);
});

test('calibration does not depend on how the split was cut into batches', () => {
  const { answers, logits, labels } = answered(20);
  const probabilities = new Float64Array(logits.length);
  for (let i = 0; i < logits.length; i += classes) probabilities.set(softmax(logits.subarray(i, i + classes)), i);
  const whole = reliabilityBins(probabilities, labels);
  expect(answers.calibration.map(({ count }) => count)).toEqual(whole.map(({ count }) => count));
  const filled = whole.flatMap((bin, i) => (bin.count > 0 ? [[bin, answers.calibration[i]] as const] : []));
  for (const [bin, own] of filled) {
    expect(own?.confidence).toBeClose(bin.confidence);
    expect(own?.accuracy).toBeClose(bin.accuracy);
  }
});

test('answers that are not numbers do not stop the scoring, but there is no report of them', () => {
  const answers = new Answers(2);
  answers.add(Float32Array.of(1, 0, Number.NaN, 0), Int32Array.of(0, 1));
  expect(answers.confusion.total).toBe(1);
  expect(() => answers.mistakes()).toThrow('not finite numbers');
});

test('where samples were left out, a mistake still has the index of its own', () => {
  const answers = new Answers(2);
  answers.add(Float32Array.of(1, 0, 1, 0), Int32Array.of(1, 0), [4, 7]);
  answers.add(Float32Array.of(1, 0), Int32Array.of(1), [9]);
  expect(answers.mistakes().map(({ index }) => index)).toEqual([4, 9]);
});
