/** Which samples an evaluation is about: named by the person, or what the data and the run make of it. */
import type { Checkpoint } from '../checkpoint/index.ts';
import {
  type ComparedData,
  compareSplit,
  type DataProblem,
  type Dataset,
  type FoundData,
  idOf,
  joined,
  type SplitName,
  splitByPlace,
  splitNames,
} from '../data/index.ts';
import { DataError } from '../tensor/index.ts';
import { changesText } from './data-changes.ts';
import { knownSplit } from './kept-data.ts';

/** The parts that can be asked for; `all` is every labelled image. */
export const evaluationSplits = [...splitNames, 'all'] as const;
export type EvaluationSplit = (typeof evaluationSplits)[number];

/** What is measured, and what a person should know of it. */
export interface EvaluationData {
  readonly dataset: Dataset;
  readonly split: EvaluationSplit;
  readonly notes: readonly string[];
}

/** The parts that data has, or that the run made of it; data without parts is `all`. */
export interface DataParts {
  readonly parts: Readonly<Partial<Record<EvaluationSplit, Dataset>>>;
  readonly notes: readonly string[];
}

/**
 * All parts of data, in the order train, validation, test: its own, or those of the run where it is the run's own data.
 * @param source the data, as messages name it
 * @param path the checkpoint
 * @throws DataError where there are no images
 */
export async function dataParts(
  found: FoundData,
  source: string,
  path: string,
  { training }: Pick<Checkpoint, 'training'>,
): Promise<DataParts> {
  if (Object.keys(found.parts).length === 0) throw nothing(found, source);
  const run = await splitsOfRun(found, source, path, training);
  const { test } = found.parts;
  const parts = run.splits ? { ...run.splits, ...(test && { test }) } : found.parts;
  const present = [...splitNames, 'all' as const].flatMap((name) =>
    parts[name] ? [[name, parts[name]] as const] : [],
  );
  return { parts: Object.fromEntries(present), notes: run.notes };
}

/**
 * The ids of the images that the checkpoint's run was trained on, where it is known and the data is the run's own, and where an id tells an
 * image: records that each part counts from 0 have none that does. Else undefined.
 * @param source the data, as messages name it
 * @param path the checkpoint
 */
export async function trainingIds(
  found: FoundData,
  source: string,
  path: string,
  { training }: Pick<Checkpoint, 'training'>,
): Promise<ReadonlySet<string> | undefined> {
  if (!areIdsDistinct(found)) return undefined;
  const { splits } = await splitsOfRun(found, source, path, training);
  return splits?.train?.ids && new Set(splits.train.ids);
}

function areIdsDistinct({ parts }: FoundData): boolean {
  const ids = Object.values(parts).flatMap((part) => Array.from({ length: part.length }, (_, at) => idOf(part, at)));
  return new Set(ids).size === ids.length;
}

/** Without what is behind these, an evaluation would be of other data than it says. */
const decisive: ReadonlySet<DataProblem['kind']> = new Set(['unknown class', 'unreadable folder', 'unreadable line']);

/**
 * The samples of `split`; without one, the test set where the data has one, else the validation images of the run's own data, else all.
 * @param source the data, as messages name it
 * @param path the checkpoint
 * @throws DataError where there is no such split, or it cannot be told any more which images were in it
 */
export async function evaluationData(
  found: FoundData,
  source: string,
  path: string,
  { training }: Pick<Checkpoint, 'training'>,
  split?: EvaluationSplit,
): Promise<EvaluationData> {
  const unknown = found.problems.find(({ kind }) => decisive.has(kind));
  if (unknown) throw new DataError(unknown.message, unknown.hint);
  const run = await splitsOfRun(found, source, path, training);
  const { parts } = found;
  const loose = found.problems.filter(({ kind }) => kind === 'unlabelled images').map(({ message }) => message);
  const notes = [...loose, ...(split === 'all' || split === 'test' ? [] : run.notes)];
  const all = () => {
    const present = Object.values(parts) as Dataset[];
    const [first] = present;
    if (first === undefined) throw nothing(found, source);
    return joined(
      present as [Dataset, ...Dataset[]],
      present.length > 1 ? `${found.name}/all` : parts.all ? found.name : first.name,
    );
  };
  if (split === 'all') return { dataset: all(), split, notes: [...notes, ...(run.splits ? amongThem : [])] };
  const asked = split ?? usualSplit(found, run);
  if (asked === 'all') return { dataset: all(), split: asked, notes: [...notes, ...(run.splits ? amongThem : [])] };
  const dataset = asked === 'test' ? parts.test : (run.splits ?? parts)[asked];
  if (dataset) return { dataset, split: asked, notes };
  throw new DataError(
    `${source} has no ${asked} split${run.reason === undefined ? '' : `: ${run.reason}`}`,
    asked === 'test'
      ? `leave --split out: then it is ${usualSplit(found, run) === 'all' ? 'all images' : 'the validation images'}`
      : '--split all measures all images',
  );
}

const amongThem = ['training images are among them'];

function usualSplit({ parts }: FoundData, { splits }: RunSplits): EvaluationSplit {
  if (parts.test) return 'test';
  if (splits) return splits.validation ? 'validation' : 'all';
  return parts.validation ? 'validation' : 'all';
}

interface RunSplits {
  /** Where the data is the run's own. */
  readonly splits: Readonly<Partial<Record<SplitName, Dataset>>> | undefined;
  /** Why there are none. */
  readonly reason?: string;
  readonly notes: readonly string[];
}

async function splitsOfRun(
  found: FoundData,
  source: string,
  path: string,
  training: Checkpoint['training'],
): Promise<RunSplits> {
  const known =
    Object.keys(found.parts).length === 0 ? ({ kind: 'none' } as const) : await knownSplit(path, training, found);
  if (known.kind === 'none') return { splits: undefined, notes: [] };
  if (known.kind === 'by place') return byPlace(found, known);
  if (known.kind === 'lost') {
    const reason = `split.csv of the run is not beside ${path}, and ${source} no longer gives the same split`;
    return { splits: undefined, reason, notes: [`${reason}: training images may be among them`] };
  }
  const compared = await compareSplit(known.data, found, { evenMoved: true });
  if (!compared.isOwn) return otherData(compared, found);
  const text = changesText(compared.changes);
  return {
    splits: compared.splits,
    notes: [
      ...(text === undefined
        ? []
        : [`the data has changed since training: ${text}; the split is the one that the run kept`]),
      ...(known.isNewer ? ['split.csv is newer than this checkpoint: the run went on with changed data'] : []),
    ],
  };
}

function otherData({ known, asLarge }: ComparedData, found: FoundData): RunSplits {
  const images = Object.values(found.parts).reduce((sum, { length }) => sum + length, 0);
  return {
    splits: undefined,
    reason: 'it is other data than the run was trained on',
    notes: [
      ...(known > 0 ? [namesakes(known)] : []),
      ...(2 * asLarge > images
        ? [
            `${asLarge} of ${images} files are as large to the byte as images of the run: perhaps the same under other names`,
          ]
        : []),
    ],
  };
}

const namesakes = (known: number) =>
  known === 1
    ? 'an image has the name of one that the run was trained on, but is another'
    : `${known} images have names of images that the run was trained on, but are others`;

/** Runs of earlier versions: the split is made as it was then, and must have as many training images. */
async function byPlace(
  found: FoundData,
  { fraction, seed, samples }: { fraction: number; seed: number; samples: number | undefined },
): Promise<RunSplits> {
  const { all, train, validation, test } = found.parts;
  const source = all ?? train;
  if (!source) return { splits: undefined, notes: [] };
  const two = validation ? { train: source, validation } : await splitByPlace(source, { fraction, seed });
  if (samples === undefined || two.train.length === samples)
    return { splits: { ...two, ...(test && { test }) }, notes: [] };
  const reason = `the run kept no list of its split, and was trained on ${samples} images where this data gives ${two.train.length}`;
  return { splits: undefined, reason, notes: [`${reason}: training images may be among them`] };
}

/** @throws the first problem of data in which no image was found */
function nothing({ problems }: FoundData, source: string): DataError {
  const [first] = problems;
  return new DataError(first?.message ?? `${source}: there are no images`, first?.hint);
}
