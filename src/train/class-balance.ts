/** Classes of unequal size: images that count more in the loss, and epochs in which each class comes equally often. */
import { countClasses, type Dataset, labelsOf } from '../data/index.ts';
import type { StepBatch } from '../step/index.ts';
import { ConfigError, nearestName } from '../tensor/index.ts';

/** `balanced`: all classes together as much; or the weight of each class by its name, 1 for those that are not named. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>;

/** How an epoch is drawn: every image once, or every class equally often. */
export type Sampling = 'shuffled' | 'balanced';

export const samplings = ['shuffled', 'balanced'] as const satisfies readonly Sampling[];

/** Of `TrainOptions`. */
interface BalanceOptions {
  readonly classWeights?: ClassWeights;
  readonly sampling?: Sampling;
}

/** What a run's settings hold of it. */
export interface ClassBalance {
  /** As it was asked for. */
  readonly classWeights: ClassWeights | undefined;
  /** By label; undefined where all count the same. */
  readonly weightOfClass: readonly number[] | undefined;
  /** By index of the training sample, where labels alone tell it; undefined where all count the same, or classes are mixed. */
  readonly weightOfSample: Float64Array | undefined;
  readonly sampling: Sampling;
  /** Of the training samples, where the sampling goes by them. */
  readonly trainLabels: ArrayLike<number> | undefined;
}

/**
 * @param of.softLabels whether samples have shares of classes
 * @param of.accumulate batches of a step
 * @param of.ranks that share each batch out
 * @throws ConfigError for weights of classes that the data does not have, and where the weight of a step is not known before it
 */
export async function classBalanceOf(
  { classWeights, sampling = 'shuffled' }: BalanceOptions,
  train: Dataset,
  {
    softLabels,
    accumulate,
    ranks,
  }: { readonly softLabels: boolean; readonly accumulate: number; readonly ranks: number },
): Promise<ClassBalance> {
  if (classWeights && softLabels && ranks > 1)
    throw new ConfigError(
      `train: \`classWeights\` on ${ranks} ranks needs the class of every image of a step before its batch, but classes are mixed`,
      'leave out --class-weights, or what mixes classes (mixup, cutmix, soft labels), or train in one process',
    );
  if (classWeights && softLabels && accumulate > 1)
    throw new ConfigError(
      `train: \`classWeights\` with \`accumulate\` ${accumulate} needs the class of every image of a step before its first batch, but classes are mixed`,
      'leave out one of --class-weights, --accumulate and what mixes classes (mixup, cutmix, soft labels); --sampling balanced goes with both others',
    );
  const weightOfClass = classWeights && (await weightsOf(classWeights, train));
  return {
    classWeights,
    weightOfClass,
    weightOfSample:
      weightOfClass && !softLabels
        ? Float64Array.from(await labelsOf(train), (label) => weightOfClass[label] as number)
        : undefined,
    sampling,
    trainLabels: sampling === 'balanced' ? await labelsOf(train) : undefined,
  };
}

/** samples / (classes · samples of the class), as scikit-learn's `balanced`, where classes are those that have samples. */
async function weightsOf(classWeights: ClassWeights, train: Dataset): Promise<number[]> {
  if (classWeights === 'balanced') {
    const counts = await countClasses(train);
    const present = counts.filter((count) => count > 0).length;
    return counts.map((count) => (count === 0 ? 1 : train.length / (present * count)));
  }
  const unknown = Object.keys(classWeights).find((name) => !train.classes.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, train.classes);
    throw new ConfigError(
      `train: \`classWeights\` names the class \`${unknown}\`, but ${train.name} has none of that name${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
      `it has ${train.classes.slice(0, 10).join(', ')}${train.classes.length > 10 ? ` and ${train.classes.length - 10} more` : ''}`,
    );
  }
  return train.classes.map((name) => (Object.hasOwn(classWeights, name) ? (classWeights[name] as number) : 1));
}

/** @throws ConfigError for what no data makes possible */
export function expectBalance({ classWeights, sampling = 'shuffled' }: BalanceOptions): void {
  if (!samplings.includes(sampling))
    throw new ConfigError(`train: \`sampling\` must be ${samplings.join(' or ')}, but is ${sampling}`);
  if (classWeights === undefined || classWeights === 'balanced') return;
  const hint = "'balanced' weights classes by their sizes; { cat: 2 } counts each cat twice";
  if (typeof classWeights !== 'object' || classWeights === null)
    throw new ConfigError(
      `train: \`classWeights\` must be 'balanced' or a number for each class, but is ${classWeights}`,
      hint,
    );
  const wrong = Object.entries(classWeights).find(([, weight]) => !(weight > 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong)
    throw new ConfigError(
      `train: \`classWeights\` must be numbers above 0, but that of \`${wrong[0]}\` is ${wrong[1]}`,
      'to train without a class, leave its images out of the data',
    );
}

/**
 * Each image counts by the weight of its class, or of its classes by their shares: the loss is Σ weight · loss / Σ weight over the batch, as
 * PyTorch's CrossEntropyLoss(weight=…) of labels. What fills a batch up counts nothing as before.
 */
export function weighed<B extends StepBatch>(batch: B, weightOfClass: readonly number[] | undefined): B {
  if (!weightOfClass) return batch;
  const { weights, labels, targets } = batch;
  const classes = weightOfClass.length;
  const ofShares = (shares: Float32Array): number => {
    const total = shares.reduce((sum, share) => sum + share, 0);
    if (total === 0) return 1;
    return shares.reduce((sum, share, label) => sum + share * (weightOfClass[label] as number), 0) / total;
  };
  const ofRow = (row: number): number =>
    targets
      ? ofShares(targets.subarray(row * classes, (row + 1) * classes))
      : (weightOfClass[labels[row] as number] as number);
  return { ...batch, weights: weights.map((weight, row) => (weight === 0 ? 0 : weight * ofRow(row))) };
}
