/** Which images an evaluation measures and which ones it fits a temperature on, with labels as the network counts them. */
import type { Checkpoint } from '../../checkpoint/index.ts';
import {
  type ClassMatch,
  type DataReading,
  type DataSource,
  type Dataset,
  evenly,
  type FoundData,
  isDataSource,
  matchClasses,
  relabelled,
  sourceText,
} from '../../data/index.ts';
import { DataError } from '../../tensor/index.ts';
import { type EvaluationSplit, evaluationData } from '../evaluation-data.ts';
import { findDataFor } from '../network-images.ts';

/** What is to be measured: data by name or path, or made in code, which is measured whole. */
export interface ImagesOptions {
  readonly data: DataSource | Dataset;
  /** Default: the test set where the data has one, else the validation images of the run's own data, else all. */
  readonly split?: EvaluationSplit | undefined;
  /** At most so many images, evenly spread over the data; default: all. */
  readonly limit?: number | undefined;
  /** How folders and tables are read. */
  readonly reading?:
    | Pick<DataReading, 'layout' | 'imageColumn' | 'labelColumn' | 'splitColumn' | 'imageFolder'>
    | undefined;
  /** Match the classes by position, whatever their names are; default false. */
  readonly classesByPosition?: boolean | undefined;
}

/** The images to measure. */
export interface EvaluationImages {
  /** As messages call the data. */
  readonly name: string;
  readonly dataset: Dataset;
  readonly split: EvaluationSplit;
  readonly notes: readonly string[];
  /** How the data's classes were found among the network's. */
  readonly match: ClassMatch & { readonly classes: number };
  /** Where it was read; undefined for data made in code. */
  readonly found: FoundData | undefined;
  /** The same data's part of this name, where it is another one than `dataset`; undefined where there is none. */
  readonly part: (name: 'validation') => Promise<Dataset | undefined>;
}

/**
 * @param path the checkpoint
 * @param owner whose run says which images are in the split: this checkpoint, or the one that it is compared with
 * @throws DataError where the data cannot be read, has no such split, or a class that the network does not know
 */
export async function evaluationImages(
  path: string,
  checkpoint: Checkpoint,
  { data, split, limit, reading, classesByPosition = false }: ImagesOptions,
  owner: { readonly path: string; readonly checkpoint: Checkpoint } = { path, checkpoint },
): Promise<EvaluationImages> {
  const labelled = (dataset: Dataset) => {
    const match = matchClasses({
      where: dataset.name,
      known: checkpoint.classes,
      classes: dataset.classes,
      classesByPosition,
    });
    return { dataset: relabelled(dataset, checkpoint.classes, match.places), match };
  };
  if (!isDataSource(data)) {
    const { dataset, match } = labelled(data);
    return {
      name: data.name,
      dataset: limited(dataset, limit),
      split: 'all',
      notes: [],
      match: { ...match, classes: data.classes.length },
      found: undefined,
      part: async () => undefined,
    };
  }
  const name = sourceText(data);
  const found = await findDataFor(checkpoint, data, reading);
  const chosen = await evaluationData(found, name, owner.path, owner.checkpoint, split);
  const { dataset, match } = labelled(chosen.dataset);
  return {
    name,
    dataset: limited(dataset, limit),
    split: chosen.split,
    notes: chosen.notes,
    match: { ...match, classes: chosen.dataset.classes.length },
    found,
    part: async (asked) => {
      if (chosen.split === asked || chosen.split === 'all') return undefined;
      const other = await evaluationData(found, name, owner.path, owner.checkpoint, asked).catch((error: unknown) => {
        if (error instanceof DataError) return undefined;
        throw error;
      });
      return other && labelled(other.dataset).dataset;
    },
  };
}

const limited = (dataset: Dataset, limit: number | undefined): Dataset =>
  limit === undefined ? dataset : evenly(dataset, limit);
