/** Which sample of a run's data went where, as its file split.csv keeps it: the run's answer whatever becomes of the data. */
import Papa from 'papaparse';
import { z } from 'zod';
import { DataError } from '../tensor/index.ts';
import type { Dataset } from './dataset.ts';
import { idOf } from './sample-ids.ts';

/** The splits of a run. */
export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** One sample. */
export interface KeptSample {
  readonly split: SplitName;
  /** Its class's name; '' where that is not known without reading the sample. */
  readonly label: string;
  /** `Dataset.ids`. */
  readonly id: string;
}

/** More samples than this are not listed. */
export const mostKept = 1_000_000;

type SplitsOfRun = Readonly<Partial<Record<SplitName, Dataset>>>;

/** Every sample of the splits, in their order. */
export function keptSplit(splits: SplitsOfRun): KeptSample[] {
  return splitNames.flatMap((split) => {
    const dataset = splits[split];
    if (!dataset) return [];
    const { classes, labels, length } = dataset;
    return Array.from({ length }, (_, index) => {
      const label = labels ? (classes[labels[index] as number] ?? '') : '';
      return { split, label, id: idOf(dataset, index) };
    });
  });
}

/** `split,label,id` and a line for each sample. */
export const splitText = (kept: readonly KeptSample[]): string =>
  `${Papa.unparse({ fields: ['split', 'label', 'id'], data: kept.map(({ split, label, id }) => [split, label, id]) }, { newline: '\n' })}\n`;

const rows = z.array(z.object({ split: z.enum(splitNames), label: z.string(), id: z.string().min(1) }));

/** @throws DataError naming the line where the text is not what `splitText` writes */
export function parseSplit(path: string, text: string): KeptSample[] {
  const { data, errors } = Papa.parse(text, { header: true, skipEmptyLines: true });
  const damaged = (problem: string) =>
    new DataError(
      `${path}: expected lines of split,label,id, but ${problem}`,
      'the file is damaged, or another program changed it',
    );
  const [error] = errors;
  if (error) throw damaged(`line ${(error.row ?? 0) + 2}: ${error.message}`);
  const read = rows.safeParse(data);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw damaged(`line ${Number(issue?.path[0] ?? 0) + 2}: ${issue?.path.slice(1).join('.')}: ${issue?.message}`);
}
