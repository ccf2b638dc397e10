/** What a trained network knows, and why one should believe it: one pass over labelled images, and all that follows from it. */
import type { Calibration } from '../../checkpoint/index.ts';
import type { Corruption } from '../../corruptions/index.ts';
import { type Dataset, subset } from '../../data/index.ts';
import { wilsonInterval } from '../../metrics/index.ts';
import type { EvaluationAgainst, EvaluationAugmented } from '../../report/index.ts';
import { Random } from '../../tensor/index.ts';
import {
  type Classifier,
  type ClassifierOptions,
  type EvaluateOptions,
  type Evaluation,
  loadClassifier,
} from '../classifier.ts';
import type { EvaluationSplit } from '../evaluation-data.ts';
import { type Answered, against, augmentedScore } from './against.ts';
import type { DatasetAnswers } from './answer-store.ts';
import type { TemperatureSource } from './calibrated.ts';
import { type EvaluationImages, evaluationImages, type ImagesOptions } from './evaluation-images.ts';
import { type EvaluationResults, evaluationResults } from './evaluation-results.ts';
import { fileMark, keepCalibration } from './keep-calibration.ts';
import type { View } from './view.ts';
import { findViews } from './views/index.ts';

/** Options of `evaluate`. */
export interface EvaluateCheckpointOptions
  extends ImagesOptions,
    ClassifierOptions,
    Pick<EvaluateOptions, 'workers' | 'onBadImage'> {
  /** Test-time augmentation: `flip` or `crops`; default: none. */
  readonly tta?: string | undefined;
  /** Each of them is done to every image, and the accuracy under it measured: `corruptionsOf('all')`; default: none. */
  readonly corruptions?: readonly Corruption[] | undefined;
  /** Another checkpoint's file, which is given the same images. */
  readonly against?: string | undefined;
  /** Keep the temperature in the checkpoint's file, which is written anew; predictions use it from then on. Default false. */
  readonly calibrate?: boolean | undefined;
  /** Of what is drawn at random: bootstrap, folds, chance, corruptions. Default 0. */
  readonly seed?: number | undefined;
  /** Hears what a person should know of the images, before any is measured. */
  readonly onImages?: ((images: EvaluationImages) => void) | undefined;
  /** Hears how many images have been measured, and for what. */
  readonly onProgress?: ((work: EvaluationWork, done: number, total: number) => void) | undefined;
}

/** What images are looked at for. */
export type EvaluationWork = 'evaluating' | 'corrupting' | 'calibrating' | 'comparing';

/** Everything that an evaluation found; shares and probabilities run from 0 to 1, classes are indices of `classes`. */
export interface CheckpointEvaluation extends EvaluationResults {
  readonly checkpoint: string;
  readonly network: string;
  /** As messages call the data. */
  readonly data: string;
  readonly split: EvaluationSplit;
  readonly notes: readonly string[];
  readonly match: EvaluationImages['match'];
  readonly classes: readonly string[];
  /** The images, in the order of their indices. */
  readonly dataset: Dataset;
  readonly score: Evaluation;
  /** Wilson's, of the accuracy, at 95 %. */
  readonly interval: { readonly low: number; readonly high: number };
  readonly augmented?: EvaluationAugmented;
  readonly against?: EvaluationAgainst;
  /** What was written into the checkpoint's file. */
  readonly kept?: Calibration;
}

/** More images make a temperature no better. */
const mostFitted = 5000;

/**
 * Evaluates a checkpoint on labelled images: accuracy, classes, confusion, calibration, coverage and slices, and on request test-time
 * augmentation and another checkpoint beside it. The temperature is fitted on the validation images of the run's own split, or of the data,
 * where those are not the measured ones.
 * @param path the checkpoint's file
 * @throws CheckpointError, DataError, ConfigError, EngineError as `loadClassifier` and `Classifier.evaluate`
 */
export async function evaluate(path: string, options: EvaluateCheckpointOptions): Promise<CheckpointEvaluation> {
  const { tta, calibrate = false, seed = 0 } = options;
  const views = tta === undefined ? undefined : findViews(tta);
  const mark = await fileMark(path);
  const classifier = await loadClassifier(path, engineOptions(options));
  try {
    const { checkpoint } = classifier;
    const images = await evaluationImages(path, checkpoint, options);
    options.onImages?.(images);
    const answers = await answersOf(
      classifier,
      images.dataset,
      'evaluating',
      options,
      views?.views,
      options.corruptions,
    );
    const fit = await temperatureSource(classifier, images, options);
    const { temperature } = checkpoint.calibration ?? {};
    const results = await evaluationResults(images.dataset, classifier.classes, answers, {
      temperature,
      source: fit.source,
      seed,
    });
    const { correct, total } = answers.score;
    const evaluation: CheckpointEvaluation = {
      checkpoint: path,
      network: checkpoint.network.name,
      data: images.name,
      split: images.split,
      notes: images.notes,
      match: images.match,
      classes: classifier.classes,
      dataset: images.dataset,
      score: answers.score,
      interval: wilsonInterval(correct, total),
      ...results,
      ...(views &&
        answers.averaged && {
          augmented: augmentedScore(
            views.name,
            views.views.length + 1,
            answers.averaged,
            answers,
            results.correct,
            seed,
          ),
        }),
      ...(options.against !== undefined && {
        against: await comparedWith(options.against, { path, classifier, images, answers }, options),
      }),
    };
    const fitted = evaluation.calibration.temperature;
    if (!calibrate || fitted === undefined) return evaluation;
    const kept = { temperature: fitted, data: images.name, split: fit.split, images: fit.images ?? total };
    await keepCalibration(path, checkpoint, kept, mark);
    return { ...evaluation, kept };
  } finally {
    await classifier.dispose();
  }
}

const engineOptions = ({ engine, threads, batchSize }: ClassifierOptions): ClassifierOptions => ({
  ...(engine !== undefined && { engine }),
  ...(threads !== undefined && { threads }),
  ...(batchSize !== undefined && { batchSize }),
});

function answersOf(
  classifier: Classifier,
  dataset: Dataset,
  work: EvaluationWork,
  { workers, onBadImage, onProgress, seed = 0 }: EvaluateCheckpointOptions,
  views: readonly View[] = [],
  corruptions?: readonly Corruption[],
): Promise<DatasetAnswers<Evaluation>> {
  return classifier.answers(dataset, {
    ...(workers !== undefined && { workers }),
    ...(onBadImage !== undefined && { onBadImage }),
    views,
    onProgress: (done, total) => onProgress?.(work, done, total),
    ...(corruptions && {
      corrupted: { corruptions, seed, onProgress: (done, total) => onProgress?.('corrupting', done, total) },
    }),
  });
}

/** Where the temperature comes from, and which images it is fitted on. */
async function temperatureSource(
  classifier: Classifier,
  images: EvaluationImages,
  options: EvaluateCheckpointOptions,
): Promise<{ source: TemperatureSource; split: string; images?: number }> {
  const { calibration } = classifier.checkpoint;
  if (calibration && !options.calibrate) {
    const { temperature, data, split, images: count } = calibration;
    const isSame = data === images.name && split === images.split;
    const origin =
      `Kept in the checkpoint; fitted on ${count} images of ${data} (${split})` +
      (isSame ? ', which are measured here: expect a little more error on others.' : '.');
    return { source: { kind: 'kept', temperature, origin }, split };
  }
  const validation = await images.part('validation');
  if (!validation) return { source: { kind: 'same images' }, split: images.split };
  const chosen = someOf(validation, options.seed ?? 0);
  // one that cannot be read is no reason to measure nothing
  const answers = await answersOf(classifier, chosen, 'calibrating', { ...options, onBadImage: 'skip' });
  const fitted = answers.labels.length;
  const name = `${fitted} validation images, none of which is measured`;
  return { source: { kind: 'other images', images: answers, name }, split: 'validation', images: fitted };
}

function someOf(dataset: Dataset, seed: number): Dataset {
  if (dataset.length <= mostFitted) return dataset;
  const order = new Random(`${seed}/calibration images`).shuffle(
    Uint32Array.from({ length: dataset.length }, (_, index) => index),
  );
  return subset(dataset, order.subarray(0, mostFitted).sort());
}

/** The other checkpoint on the same images, read at the size that it takes. */
async function comparedWith(
  other: string,
  first: Answered,
  options: EvaluateCheckpointOptions,
): Promise<EvaluationAgainst> {
  const classifier = await loadClassifier(other, engineOptions(options));
  try {
    const owner = { path: first.path, checkpoint: first.classifier.checkpoint };
    const same = { ...options, split: first.images.split };
    const images = await evaluationImages(other, classifier.checkpoint, same, owner);
    const answers = await answersOf(classifier, images.dataset, 'comparing', options);
    return await against(first, { path: other, classifier, images, answers }, options.seed ?? 0);
  } finally {
    await classifier.dispose();
  }
}
