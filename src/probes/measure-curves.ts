/** Learning curves of classes: how often the head is wrong when it is fitted on shares of the images. */
import type { Random } from '../tensor/index.ts';
import { type LabelledFeatures, rowsOf, samplesOfClasses } from './folds.ts';
import type { LearningCurve } from './learning-curve.ts';
import { outOfFoldProbabilities } from './out-of-fold.ts';
import { foldParts, type Part, ShareFits } from './share-answers.ts';

const shares = [0.25, 0.5, 1];
const folds = 5;
const repeats = 2;
/** Passes over the data that a fit takes that starts from a near one. */
const passesOfFit = 12;

/** Multiply-adds of one class's curve. */
export const costOfCurve = (images: number, width: number, classes: number): number =>
  folds * (shares.length - 1) * passesOfFit * 2 * images * width * classes;

/** How a class's error moves with the number of images. */
export interface MeasuredClass {
  readonly label: number;
  /** With fewer images of this class alone, or, where that is too much, of all. */
  readonly own: LearningCurve;
  /** With fewer images of all classes. */
  readonly together: LearningCurve;
  /** How the error of the other classes moves with the logarithm of this one's images, and the standard error of that. */
  readonly others: { readonly slope: number; readonly error: number };
}

/** What is measured of which classes. */
export interface CurveOptions {
  /** How many of the rows are training's, which come first. */
  readonly trainRows: number;
  readonly classes: number;
  /** Indices of the classes whose curves are wanted. */
  readonly told: readonly number[];
  /** Whether each class is made smaller alone, which costs as many fits as there are classes. */
  readonly single: boolean;
  /** Whether only the rows after training's may be answered. */
  readonly trainedOnThese?: boolean | undefined;
  /** The penalty for all images, where it is known already. */
  readonly l2?: number | undefined;
  readonly random: Random;
}

/** Fits the head on shares of the rows, and asks each fit about rows that it has not seen. */
export function measureCurves(data: LabelledFeatures, options: CurveOptions): MeasuredClass[] {
  const { trainRows, classes, told, single, random, trainedOnThese, l2 } = options;
  const count = data.labels.length;
  const penalty = penaltyByShare(data, classes, random, l2);
  // [share][repeat]: 1 where a sample was wrong
  const together = shares.map(() => Array.from({ length: repeats }, () => new Uint8Array(count)));
  const alone = told.map(() => shares.map(() => new Uint8Array(count)));
  const used = new Float64Array(classes);
  const partsOf = (stream: Random) =>
    trainedOnThese ? [validationPart(trainRows, count)] : foldParts(data.labels, classes, folds, stream.fork('folds'));
  for (let repeat = 0; repeat < repeats; repeat++) {
    const stream = random.fork(`repeat ${repeat}`);
    const parts = partsOf(stream);
    parts.forEach((part, p) => {
      const fits = new ShareFits(data, part, classes, penalty(1), stream.fork(p));
      for (const sample of part.pool) used[data.labels[sample]!]! += 1 / (parts.length * repeats);
      shares.forEach((share, s) => {
        fits.answer(share, 'all', penalty(share), together[s]![repeat]!);
        // once is enough for what costs as many fits as there are classes
        if (!single || repeat > 0) return;
        told.forEach((label, i) => {
          fits.answer(share, label, penalty(1), alone[i]![s]!);
        });
      });
    });
  }
  const held = samplesOfClasses(data.labels, classes).map((samples) =>
    trainedOnThese ? samples.filter((sample) => sample >= trainRows) : samples,
  );
  return told.map((label, i) => {
    const samples = held[label]!;
    const errors = together.map((ofShare) => ofShare.map((one) => mean(samples.map((sample) => one[sample]!))));
    const common = {
      sizes: shares.map((share) => Math.max(1, share * used[label]!)),
      deviations: errors.slice(0, -1).map((ofShare) => ofShare.map((error) => error - mean(ofShare))),
    };
    const answersOf = (wrong: readonly Uint8Array[][]) =>
      wrong.map((ofShare) => Float64Array.from(samples, (sample) => mean(ofShare.map((one) => one[sample]!))));
    return {
      label,
      own: { ...common, wrong: answersOf(single ? alone[i]!.map((one) => [one]) : together) },
      together: { ...common, wrong: answersOf(together) },
      others: single
        ? slopeOf(
            alone[i]!,
            held.flatMap((own, c) => (c === label ? [] : own)),
          )
        : { slope: 0, error: 0 },
    };
  });
}

/** Least squares through the errors of these samples by the logarithm of the share; how much samples differ tells how sure that is. */
function slopeOf(wrong: readonly Uint8Array[], samples: readonly number[]): MeasuredClass['others'] {
  const logs = shares.map(Math.log);
  const centre = mean(logs);
  const spread = logs.reduce((sum, x) => sum + (x - centre) ** 2, 0);
  // a sample's own slope: paired, so that what is wrong at every share counts for nothing
  const slopes = samples.map(
    (sample) => wrong.reduce((sum, one, s) => sum + (logs[s]! - centre) * one[sample]!, 0) / spread,
  );
  const slope = mean(slopes);
  const variance = mean(slopes.map((x) => (x - slope) ** 2));
  return { slope, error: Math.sqrt(variance / samples.length) };
}

/** The best penalty for everything and for the smallest share; between them it moves with the logarithm. */
function penaltyByShare(
  data: LabelledFeatures,
  classes: number,
  random: Random,
  l2?: number,
): (share: number) => number {
  const least = shares[0]!;
  const whole = l2 ?? outOfFoldProbabilities({ ...data, classes, seed: 'forecast' }).l2;
  const all = samplesOfClasses(data.labels, classes).flatMap((own) =>
    random
      .fork('few')
      .shuffle([...own])
      .slice(0, Math.ceil(least * own.length)),
  );
  const few = outOfFoldProbabilities({ ...rowsOf(data, all), classes, seed: 'forecast' }).l2;
  return (share) => whole * (few / whole) ** (Math.log(share) / Math.log(least));
}

const validationPart = (train: number, all: number): Part => ({
  pool: Array.from({ length: train }, (_, i) => i),
  held: Array.from({ length: all - train }, (_, i) => train + i),
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
