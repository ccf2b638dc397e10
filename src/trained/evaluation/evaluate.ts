/** What a trained network knows, and why one should believe it: one pass over labelled images, and all that follows from it. */
import type { Calibration, Checkpoint } from '../../checkpoint/index.ts';
import type { Corruption } from '../../corruptions/index.ts';
import type { Dataset } from '../../data/index.ts';
import { wilsonInterval } from '../../metrics/index.ts';
import type { EvaluationAgainst, EvaluationAugmented } from '../../report/index.ts';
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
import { calibrated, mostFitted } from './calibrated.ts';
import { type EvaluationImages, evaluationImages, type ImagesOptions } from './evaluation-images.ts';
import { type EvaluationResults, evaluationResults } from './evaluation-results.ts';
import { fileMark, keepCalibration } from './keep-calibration.ts';
import { fittedTemperature, keptTemperature } from './temperature-source.ts';
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
  /** Why the temperature could not be written into it; all else was measured. */
  readonly unkept?: Error;
}

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
  let other: Awaited<ReturnType<typeof otherOf>> | undefined;
  try {
    const { checkpoint } = classifier;
    const keptBefore = calibrate ? undefined : checkpoint.calibration;
    const images = await evaluationImages(path, checkpoint, options);
    const validation = keptBefore ? undefined : await images.part('validation');
    const isFittedHere = calibrate && !validation && images.split !== 'validation';
    // what is wrong with it is told before hours are spent
    other =
      options.against === undefined ? undefined : await otherOf(options.against, path, checkpoint, images, options);
    options.onImages?.(images);
    const answers = await answersOf(
      classifier,
      images.dataset,
      'evaluating',
      options,
      views?.views,
      options.corruptions,
    );
    // a validation image that cannot be read is no reason to measure nothing
    const toFit = (chosen: Dataset) => answersOf(classifier, chosen, 'calibrating', { ...options, onBadImage: 'skip' });
    const fit = keptBefore
      ? keptTemperature(keptBefore, images)
      : await fittedTemperature(validation, images, toFit, seed);
    const calibration = calibrated(answers, fit.source, seed);
    const compared = other && {
      ...other,
      answers: await answersOf(other.classifier, other.images.dataset, 'comparing', options),
    };
    const beside = compared && { against: await against({ path, classifier, images, answers }, compared, seed) };
    const { correct, total } = answers.score;
    const { temperature: fitted } = calibration;
    const { split, images: fittedOn = Math.min(total, mostFitted) } = fit;
    const keeping =
      calibrate && fitted !== undefined
        ? await kept(path, checkpoint, { temperature: fitted, data: images.name, split, images: fittedOn }, mark)
        : {};
    const temperature = (keeping.kept ?? checkpoint.calibration)?.temperature;
    // what is kept may serve other images, and a temperature may turn out not to be there to keep
    const told =
      isFittedHere && keeping.kept
        ? { ...calibration, origin: `${calibration.origin} ${fittedHere(images)}` }
        : calibration;
    const results = await evaluationResults(images.dataset, classifier.classes, answers, told, temperature);
    return {
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
      ...beside,
      ...keeping,
    };
  } finally {
    await other?.classifier.dispose();
    await classifier.dispose();
  }
}

const fittedHere = ({ name, split }: EvaluationImages) =>
  `${name} has no validation images besides the measured ones: the temperature that is kept is fitted on these (${split}), ` +
  'and on others confidence fits accuracy a little less.';

/** What became of a temperature that is to be kept: nothing else is lost where it cannot be. */
async function kept(
  ...[path, checkpoint, calibration, mark]: Parameters<typeof keepCalibration>
): Promise<Pick<CheckpointEvaluation, 'kept' | 'unkept'>> {
  try {
    await keepCalibration(path, checkpoint, calibration, mark);
    return { kept: calibration };
  } catch (error) {
    return { unkept: error as Error };
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

/** The other checkpoint, and the same images, read at the size that it takes. */
async function otherOf(
  path: string,
  firstPath: string,
  first: Checkpoint,
  { split }: EvaluationImages,
  options: EvaluateCheckpointOptions,
): Promise<Pick<Answered, 'path' | 'images'> & { readonly classifier: Classifier }> {
  const classifier = await loadClassifier(path, engineOptions(options));
  try {
    const owner = { path: firstPath, checkpoint: first };
    return {
      path,
      classifier,
      images: await evaluationImages(path, classifier.checkpoint, { ...options, split }, owner),
    };
  } catch (error) {
    await classifier.dispose();
    throw error;
  }
}
