/** What a reader finds: the parts that data has of itself, before anything is held out, and what is wrong with it. */
import { DataError } from '../tensor/index.ts';
import type { DataProblem } from './data-problem.ts';
import { type DataSource, sourceText, surveyCommand } from './data-source.ts';
import type { Dataset, Normalisation, Splits } from './dataset.ts';
import type { PartName } from './folder-layout.ts';
import type { Fold } from './split-fold.ts';
import { splitTrainValidation, usualFraction } from './split-train-validation.ts';

/** Data as it lies there. */
export interface FoundData {
  readonly name: string;
  readonly classes: readonly string[];
  /** Data without parts is `all`. */
  readonly parts: Readonly<Partial<Record<PartName, Dataset>>>;
  readonly normalisation: Normalisation;
  /** The file of each sample, where each has one. */
  readonly files?: Readonly<Partial<Record<PartName, readonly string[]>>>;
  /** An `error` keeps training away; evaluating may do without what is missing. */
  readonly problems: readonly DataProblem[];
}

/** How much of the training samples is held out where the data has no validation split. */
export interface HoldOut {
  readonly fraction: number;
  readonly seed: number;
  /** Which fold it is, of a cross validation. */
  readonly fold?: Fold;
}

/** The samples to train on, from which validation images may be held out. */
const trainable = ({ parts }: FoundData): Dataset | undefined => parts.all ?? parts.train;

/**
 * @param options.holdsOut whether validation images are held out where the data has none; default true
 * @throws DataError where training cannot work with this data: the first of its problems, and how to see all
 */
export function expectTrainable(found: FoundData, source: DataSource, { holdsOut = true } = {}): Dataset {
  const errors = found.problems.filter(
    ({ severity, kind }) => severity === 'error' && (holdsOut || kind !== 'single image'),
  );
  const [first] = errors;
  if (first) {
    const more = errors.length > 1 ? `; and ${errors.length - 1} more: ${surveyCommand(source)} lists them` : '';
    throw new DataError(`${first.message}${more}`, first.hint);
  }
  const train = trainable(found);
  if (train) return train;
  throw new DataError(
    `${sourceText(source)}: expected images to train on, but it only has ${Object.keys(found.parts).join(' and ')}`,
  );
}

/** The splits of data that can be trained on; `validation` is held out where `holdOut` is given and the data has none. */
export async function splitsOf(found: FoundData, source: DataSource, holdOut?: HoldOut): Promise<Splits> {
  const train = expectTrainable(found, source, { holdsOut: holdOut !== undefined });
  const { parts, normalisation, problems } = found;
  const { validation, test } = parts;
  const two =
    validation === undefined && holdOut
      ? await splitTrainValidation(train, holdOut)
      : { train, ...(validation && { validation }) };
  return { ...two, ...(test && { test }), normalisation, ...(problems.length > 0 && { problems }) };
}

/** A flat image folder is always split, other data where a share is given. */
export function usualHoldOut(
  { parts, files }: FoundData,
  {
    seed = 0,
    validationFraction,
  }: { readonly seed?: number | undefined; readonly validationFraction?: number | undefined },
): HoldOut | undefined {
  if (validationFraction === undefined && (parts.all === undefined || files === undefined)) return undefined;
  return { fraction: validationFraction ?? usualFraction, seed };
}
