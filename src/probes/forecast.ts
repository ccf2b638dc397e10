/**
 * What more images of a class would bring: the head is fitted again on shares of the features that are there, and the power law through its
 * errors is followed beyond them.
 */
import { Random } from '../tensor/index.ts';
import { type LabelledFeatures, samplesOfClasses } from './folds.ts';
import {
  commonShape,
  drawErrors,
  type ErrorDraw,
  type LearningCurve,
  likeliestLaw,
  measuredErrors,
} from './learning-curve.ts';
import { costOfCurve, measureCurves } from './measure-curves.ts';
import { errorAt } from './power-law.ts';

/** A number between 0 and 1, or a difference of two, and the interval that holds 95 % of what the measurements allow. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** After so many more images. */
export interface Growth {
  readonly added: number;
  readonly accuracy: Estimate;
  /** `accuracy` less that of now. */
  readonly gain: Estimate;
}

export interface ClassForecast {
  /** Index of the class. */
  readonly label: number;
  /** Training images. */
  readonly images: number;
  /** Share of the class's images that the head recognises. */
  readonly now: Estimate;
  /** With more images of this class alone; `all` is what that does to the accuracy over all images, which others may lose by. */
  readonly more: readonly (Growth & { readonly all: Estimate })[];
  /** What was measured: accuracy by number of images. */
  readonly curve: readonly { readonly images: number; readonly accuracy: number }[];
}

export interface Forecast {
  /** Classes with enough images to tell, in their order. */
  readonly classes: readonly ClassForecast[];
  /** Mean over these classes, with so many more images of each. */
  readonly everyClass: { readonly now: Estimate; readonly more: readonly Growth[] };
  /** Indices of classes with too few images to tell. */
  readonly tooFew: readonly number[];
  /** Images that were answered, and by whom: fits that never saw them, on folds of all images or on training images alone. */
  readonly measured: { readonly images: number; readonly by: 'folds' | 'validation' };
  /** Whether one class alone was made smaller; of many classes all are at once, and a class's gain is then one that all had part in. */
  readonly alone: boolean;
}

export interface ForecastOptions {
  readonly train: LabelledFeatures;
  readonly validation: LabelledFeatures;
  readonly classes: number;
  readonly seed?: number | string;
  /** Numbers of further images; default 50 and 100. */
  readonly added?: readonly number[];
  /**
   * Whether the network that gave the features has been trained on the training images. It then knows them, so that only the validation images
   * can be answered, with wider intervals, and what fewer images would have done to its features stays unknown: forecast from the features
   * of the network that training began with, where these are there. Default false.
   */
  readonly trainedOnThese?: boolean;
  /** Whether each class is made smaller alone, as `Forecast.alone`; default: where that takes well under a minute. */
  readonly alone?: boolean;
  /** The penalty for all images, where it is known already. */
  readonly l2?: number;
}

const draws = 400;
/** Fewer images than this, held out or to fit on, tell nothing. */
const enough = 8;
/** Multiply-adds for single classes: well under a minute. With more, all classes are made smaller at once. */
const budget = 2e10;

/**
 * Forecasts accuracies class by class. Assumed is that further images are like those that are there, that features stay as they are, and
 * that errors go on along a power law; a class's curve keeps near the shape of all classes' mean (Viering and Loog 2021, section 4: a
 * single curve from few samples is mostly noise).
 * Undefined where fewer than two classes have enough images to tell: 8 to train with, and 8 to measure with.
 * @throws DataError, ShapeError, as `fitLogisticRegression`
 */
export function forecast(options: ForecastOptions): Forecast | undefined {
  const { train, validation, classes, seed = 0, added = [50, 100], trainedOnThese = false, alone } = options;
  const random = new Random(seed).fork('forecast');
  const data = joinedFeatures(train, validation);
  const held = trainedOnThese ? validation.labels : data.labels;
  const images = samplesOfClasses(train.labels, classes).map((samples) => samples.length);
  const heldOf = samplesOfClasses(held, classes).map((samples) => samples.length);
  const told = images.flatMap((count, label) => (count >= enough && heldOf[label]! >= enough ? [label] : []));
  if (told.length < 2) return undefined;
  const single = alone ?? told.length * costOfCurve(data.labels.length, data.width, classes) <= budget;
  const trainRows = train.labels.length;
  const curves = measureCurves(data, { ...options, trainRows, told, single, random });
  const estimates = (curve: LearningCurve, shape: ReturnType<typeof commonShape>, label: number, stream: Random) => {
    const sizes = [images[label]!, ...added.map((more) => images[label]! + more)];
    const law = likeliestLaw(curve, shape);
    return {
      values: sizes.map((size) => errorAt(law, size)),
      drawn: drawErrors(curve, { sizes, shape, draws, random: stream }),
    };
  };
  const ownShape = commonShape(curves.map(({ own }) => own));
  const togetherShape = commonShape(curves.map(({ together }) => together));
  const forecasts = curves.map(({ label, own, others }): ClassForecast => {
    const { values, drawn } = estimates(own, ownShape, label, random.fork(`draws ${label}`));
    const part = heldOf[label]! / held.length;
    return {
      label,
      images: images[label]!,
      now: accuracyOf(values, drawn, 0),
      more: added.map((more, k) => {
        const growth = growthOf(values, drawn, k + 1, more);
        const loss = (1 - part) * others.slope * Math.log((images[label]! + more) / images[label]!);
        const uncertain = 2 * (1 - part) * others.error * Math.log((images[label]! + more) / images[label]!);
        return {
          ...growth,
          all: {
            value: part * growth.gain.value - loss,
            low: part * growth.gain.low - loss - uncertain,
            high: part * growth.gain.high - loss + uncertain,
          },
        };
      }),
      curve: own.sizes.map((size, s) => ({ images: size, accuracy: 1 - measuredErrors(own)[s]! })),
    };
  });
  const together = curves.map(({ label, together }) =>
    estimates(together, togetherShape, label, random.fork(`together ${label}`)),
  );
  const meanValues = [0, ...added].map((_, k) => mean(together.map(({ values }) => values[k]!)));
  const meanDrawn = Array.from({ length: draws }, (_, d) =>
    meanValues.map((_, k) => mean(together.map(({ drawn }) => drawn[d]![k]!))),
  );
  return {
    classes: forecasts,
    everyClass: {
      now: accuracyOf(meanValues, meanDrawn, 0),
      more: added.map((more, k) => growthOf(meanValues, meanDrawn, k + 1, more)),
    },
    tooFew: images.flatMap((_, label) => (told.includes(label) ? [] : [label])),
    measured: { images: held.length, by: trainedOnThese ? 'validation' : 'folds' },
    alone: single,
  };
}

/** The rows of both, training's first. */
export function joinedFeatures(train: LabelledFeatures, validation: LabelledFeatures): LabelledFeatures {
  const features = new Float64Array(train.features.length + validation.features.length);
  features.set(train.features);
  features.set(validation.features, train.features.length);
  return {
    features,
    width: train.width,
    labels: Int32Array.from([...Array.from(train.labels), ...Array.from(validation.labels)]),
  };
}

/** How much of the work that a forecast may be it is, 0 to 1: which is well under a minute. */
export const forecastWork = (images: number, width: number, classes: number): number =>
  Math.min(1, (classes * costOfCurve(images, width, classes)) / budget);

function accuracyOf(errors: readonly number[], drawn: readonly ErrorDraw[], k: number): Estimate {
  return estimate(
    1 - errors[k]!,
    drawn.map((draw) => 1 - draw[k]!),
  );
}

function growthOf(errors: readonly number[], drawn: readonly ErrorDraw[], k: number, added: number): Growth {
  const gains = drawn.map((draw) => draw[0]! - draw[k]!);
  return { added, accuracy: accuracyOf(errors, drawn, k), gain: estimate(errors[0]! - errors[k]!, gains) };
}

/** The middle 95 % of what was drawn, widened to hold the value itself. */
function estimate(value: number, drawn: readonly number[]): Estimate {
  const sorted = drawn.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return { value, low: Math.min(value, at(0.025)), high: Math.max(value, at(0.975)) };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
