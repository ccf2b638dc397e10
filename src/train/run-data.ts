/** The data of a run: split once, and from then on as the run kept it. */
import {
  compareSplit,
  type DataChanges,
  type DataReading,
  type DataSource,
  type Dataset,
  expectTrainable,
  type FoundData,
  findData,
  type HoldOut,
  isDataSource,
  joined,
  type KeptData,
  keptSplit,
  mostKept,
  type Splits,
  sourceText,
  splitByPlace,
  splitFold,
  splitText,
  splitTrainValidation,
} from '../data/index.ts';
import type { Network } from '../nn/index.ts';
import { ConfigError, DataError } from '../tensor/index.ts';
import { changesText, digestOf } from '../trained/index.ts';

/** What the run to go on with knows of its data: the split that it kept, or that it is of an earlier version and kept none. */
export type BeforeData = KeptList | 'no list' | { /** Of a list that is not there. */ readonly digest: string };

/** A run's list of its samples. */
export interface KeptList extends KeptData {
  /** Whether it was written after the checkpoint. */
  readonly isNewer: boolean;
}

/** What a run keeps of its data. */
export interface DataRecord {
  /** `digestOf` the split. */
  readonly digest: string;
  /** The text of split.csv; undefined for data of too many samples. */
  readonly text: string | undefined;
  /** The bytes of each file of train and validation, in the order of split.csv, where samples are files and not too many. */
  readonly sizes: readonly number[] | undefined;
}

/** What of a run's settings its data decides. */
export interface RunData {
  /** What it is found again by, or what it is called where it was made in code. */
  readonly dataName: DataSource;
  readonly splits: Splits & Required<Pick<Splits, 'validation'>>;
  readonly heldOut: HoldOut | undefined;
  readonly dataRecord: DataRecord | undefined;
  readonly changes: DataChanges | undefined;
}

/** Of `TrainOptions`. */
interface DataOptions {
  readonly data: Splits | DataSource;
  readonly changedData?: boolean;
}

/** Sizes of more files than this would make checkpoints slow to read. */
const mostSizes = 100_000;

/**
 * @param holdOut how much is held out where the data has no validation split
 * @param reading how images that are files are read
 * @throws DataError where the data cannot be trained on, or is not what the run to go on with began with
 */
export async function runData(
  options: DataOptions,
  network: Network,
  holdOut: HoldOut,
  reading: DataReading,
  before: BeforeData | undefined,
): Promise<RunData> {
  const found = await foundData(options, network, reading);
  const { source: dataName, normalisation, problems, parts } = found;
  const train = expectTrainable(found, dataName);
  const { validation, test } = parts;
  if (validation && holdOut.fold)
    throw new ConfigError(
      `train: expected data that leaves it to the folds which images to validate on, but ${sourceText(dataName)} brings validation images of its own`,
      'put them beside those to train on, or train once without folds',
    );
  const rest = { ...(test && { test }), normalisation, problems };
  const known = { dataName, heldOut: validation ? undefined : holdOut };
  if (before === 'no list') {
    const two = validation ? { train, validation } : await splitByPlace(train, holdOut);
    return { ...known, splits: { ...two, ...rest }, dataRecord: undefined, changes: undefined };
  }
  if (before && 'samples' in before) {
    const { splits, changes } = await keptSplits(before, found, options.changedData ?? false);
    const all = { ...splits, ...rest };
    return { ...known, splits: all, dataRecord: await recordOf(all), changes };
  }
  const splits = { ...(validation ? { train, validation } : await heldOutOf(train, holdOut)), ...rest };
  const dataRecord = await recordOf(splits);
  if (before && before.digest !== dataRecord.digest)
    throw new DataError(
      `train: ${sourceText(dataName)} no longer gives the split that the run was started with, and its split.csv is gone`,
      'put split.csv back into the run folder, or the data as it was',
    );
  return { ...known, splits, dataRecord, changes: undefined };
}

const heldOutOf = (train: Dataset, holdOut: HoldOut) =>
  holdOut.fold ? splitFold(train, holdOut.fold, holdOut.seed) : splitTrainValidation(train, holdOut);

/** Data by name, or splits made in code, which may come from data that has a name. */
async function foundData(
  { data }: DataOptions,
  network: Network,
  reading: DataReading,
): Promise<FoundData & { readonly source: DataSource }> {
  if (isDataSource(data)) {
    const channels = network.image?.channels === 1 ? 1 : 3;
    return { ...(await findData(data, { channels, ...reading })), source: data };
  }
  const { train, validation, test, normalisation, problems = [] } = data;
  const parts = { train, ...(validation && { validation }), ...(test && { test }) };
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  return {
    name: train.name,
    classes: train.classes,
    parts,
    normalisation,
    problems: warnings,
    source: train.source ?? train.name,
  };
}

/** The split that the run kept, found in the data as it is now. @throws DataError where that is not what the run began with */
async function keptSplits(kept: KeptList, found: FoundData & { readonly source: DataSource }, isAccepted: boolean) {
  const { isOwn, splits, fresh, changes } = await compareSplit(kept, found);
  const text = changesText(changes);
  const { train, validation } = splits;
  if (text === undefined && train && validation)
    return { splits: { train, validation }, changes: kept.isNewer ? changes : undefined };
  if (!isOwn || !train || !validation)
    throw new DataError(
      `train: ${sourceText(found.source)} is not the data that the run was started with: ${text ?? 'other splits'}`,
      'give the data that it was started with: skein train --resume RUN --data DATA',
    );
  if (!isAccepted)
    throw new DataError(
      `train: ${sourceText(found.source)} has changed since the run was started: ${text}`,
      'put the data back, or start a new run; or, between two epochs, go on all the same with --changed-data (changedData: true): what is new trains, what is missing is left out',
    );
  return { splits: { train: fresh ? joined([train, fresh], train.name) : train, validation }, changes };
}

async function recordOf(splits: RunData['splits']): Promise<DataRecord> {
  const kept = keptSplit(splits);
  const learnt = [splits.train, splits.validation];
  const areFiles = learnt.every(({ sizes }) => sizes) && kept.length <= mostSizes;
  const sizes = areFiles ? await Promise.all(learnt.map((dataset) => dataset.sizes?.())) : undefined;
  return {
    digest: digestOf(kept),
    text: kept.length <= mostKept ? splitText(kept) : undefined,
    sizes: sizes?.flatMap((of) => Array.from(of ?? [])),
  };
}
