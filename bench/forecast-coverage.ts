/**
 * How often a forecast's intervals hold what comes true: from random halves of the training images, with the other half then added.
 *
 *     npx tsx bench/forecast-coverage.ts CHECKPOINT FOLDER [halves]
 *
 * CHECKPOINT gives the features and must not have been trained on FOLDER, an image folder with train and validation. What came true is measured
 * by the same fits on folds with all images; by one head fitted on all training images, on the validation images; and by that head on the test
 * split, whose own noise, and whose images if they are of another kind, no forecast knows.
 */
import { type Dataset, loadClassifier, loadData } from '../src/index.ts';
import {
  classProbabilities,
  type Forecast,
  fitLogisticRegression,
  forecast,
  outOfFoldProbabilities,
} from '../src/probes/index.ts';
import { Random } from '../src/tensor/index.ts';

const [checkpoint, folder, halves = '6'] = process.argv.slice(2);
if (!checkpoint || !folder) throw new Error('usage: forecast-coverage CHECKPOINT FOLDER [halves]');
const classifier = await loadClassifier(checkpoint);
const data = await loadData(folder, { size: classifier.checkpoint.preprocessing.height });
const embedded = async (dataset: Dataset | undefined) => (dataset ? await classifier.embed(dataset) : undefined);
const train = (await embedded(data.train))!;
const validation = (await embedded(data.validation))!;
const test = await embedded(data.test);
await classifier.dispose();
const { width } = train;
const classes = data.train.classes.length;

type Rows = { readonly features: Float32Array; readonly width: number; readonly labels: Int32Array };
const rowsAt = ({ features, labels }: Rows, samples: readonly number[]): Rows => ({
  width,
  features: Float32Array.from(samples.flatMap((i) => [...features.subarray(i * width, (i + 1) * width)])),
  labels: Int32Array.from(samples, (i) => labels[i]!),
});
const joined = (a: Rows, b: Rows): Rows => ({
  width,
  features: Float32Array.from([...a.features, ...b.features]),
  labels: Int32Array.from([...a.labels, ...b.labels]),
});
/** Of each class: how many there are, and how many of them a row of probabilities answers rightly. */
function countRight({ labels }: Rows, probabilities: Float64Array): { right: number; total: number }[] {
  const counts = Array.from({ length: classes }, () => ({ right: 0, total: 0 }));
  labels.forEach((label, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    counts[label]!.total++;
    if (row.indexOf(Math.max(...row)) === label) counts[label]!.right++;
  });
  return counts;
}

const everything = joined(train, validation);
const { probabilities, l2 } = outOfFoldProbabilities({ ...everything, classes, seed: 'truth' });
const byFolds = countRight(everything, probabilities);
const whole = fitLogisticRegression({ ...train, classes, l2 });
const byValidation = countRight(validation, classProbabilities(whole, validation.features));
const byTest = test && countRight(test, classProbabilities(whole, test.features));

const percent = (share: number) => (100 * share).toFixed(0);

for (let half = 0; half < Number(halves); half++) {
  const random = new Random(`half ${half}`);
  const samples = Array.from({ length: classes }, (_, c) => {
    const own = [...train.labels.keys()].filter((i) => train.labels[i] === c);
    return random.shuffle(own).slice(0, Math.ceil(own.length / 2));
  });
  const most = Math.max(...samples.map((own) => own.length));
  // all classes double, so all are made smaller at once
  const options = {
    train: rowsAt(train, samples.flat()),
    validation,
    classes,
    seed: half,
    added: [most],
    alone: false,
  };
  for (const trainedOnThese of [false, true]) report(half, forecast({ ...options, trainedOnThese })!);
}

/** Prints what was forecast and what came. */
function report(half: number, { classes: told, measured }: Forecast): void {
  const sides = { folds: byFolds, validation: byValidation, ...(byTest && { test: byTest }) };
  const held: Record<string, number> = {};
  const lines = told.map(({ label, now, more }) => {
    const { accuracy } = more[0]!;
    const came = Object.entries(sides).map(([side, counts]) => {
      const { right, total } = counts[label]!;
      const inside = right / total >= accuracy.low && right / total <= accuracy.high;
      held[side] = (held[side] ?? 0) + Number(inside);
      return `${percent(right / total)} on ${side}`;
    });
    const range = `${percent(accuracy.low)}, ${percent(accuracy.high)}`;
    return `  ${label}: now ${percent(now.value)}, forecast ${percent(accuracy.value)} [${range}], came ${came.join(', ')}`;
  });
  const counts = Object.entries(held).map(([side, count]) => `${count} on ${side}`);
  console.log(
    `half ${half}, measured by ${measured.by}: of ${told.length} classes held ${counts.join(', ')}\n${lines.join('\n')}`,
  );
}
