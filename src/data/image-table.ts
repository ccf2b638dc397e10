/** Images whose classes stand in a table: a line for each, with the image's name, its class, and perhaps its split. */
import { basename, extname } from 'node:path';
import { DataError } from '../tensor/index.ts';
import type { Dataset, Splits } from './dataset.ts';
import { fileDataset, type ImageReading, imageSizeFor } from './file-dataset.ts';
import type { PartName } from './folder-layout.ts';
import { type FoundData, splitsOf, usualHoldOut } from './found-data.ts';
import { LineProblems } from './line-problems.ts';
import { greyNormalisation, imageNetNormalisation } from './normalisation.ts';
import { type TableColumns, type TableReading, tableColumns } from './table-columns.ts';
import { tableImages } from './table-images.ts';
import { isTableName, readTableRows, type TableRow } from './table-rows.ts';
import { tableSamples } from './table-samples.ts';

/** Options of `imageTable`. */
export interface ImageTableOptions extends ImageReading, TableReading {
  /** Of the automatic split, default 0. */
  readonly seed?: number;
  /** Share of the images that the automatic split holds out, default 0.1. */
  readonly validationFraction?: number;
}

/**
 * A table of images and their classes: comma-separated values with a first line that names the columns (.csv; .tsv with tabs), or an object
 * a line (.jsonl). Names of images start from the table's folder, in either system's separators, or are absolute; one without an ending is the
 * only image of that name. Without a column of splits a part of every class is held out as `validation`. Samples are [channels, size, size]
 * in sRGB, known by their names in the table.
 * @throws DataError naming the line where an image is missing, has two classes or two splits, or the file is no table; ConfigError for
 *   a column that is not there
 */
export async function imageTable(path: string, options: ImageTableOptions = {}): Promise<Splits> {
  const found = await findImageTable(path, options);
  return splitsOf(found, path, usualHoldOut(found, options));
}

/** The same as it lies there, with its problems. @throws DataError where it is no table, or its columns cannot be told */
export async function findImageTable(path: string, options: ImageReading & TableReading = {}): Promise<FoundData> {
  const size = imageSizeFor('imageTable', options);
  if (!isTableName(path))
    throw new DataError(`${path}: expected a table, whose name ends in .csv, .tsv or .jsonl`, 'rename the file');
  const rows: TableRow[] = [];
  let columns: TableColumns | undefined;
  const found = new LineProblems(path);
  await readTableRows(path, {
    choose: (names) => {
      columns = tableColumns(path, names, options);
      return columns;
    },
    row: (row) => rows.push(row),
    fault: (line, { about, message, hint }) =>
      found.add(line, { severity: 'error', kind: 'unreadable line', message, hint }, `unreadable ${about}`),
  });
  const images = await tableImages(path, namesIn(rows), options.imageFolder);
  const { classes, parts, problems } = tableSamples(path, rows, images, columns?.split !== undefined, found);
  const name = basename(path, extname(path));
  const datasets: Partial<Record<PartName, Dataset>> = {};
  const files: Partial<Record<PartName, readonly string[]>> = {};
  for (const [part, samples] of Object.entries(parts) as [PartName, (typeof parts)[PartName] & object][]) {
    const called = `${name}/${part === 'all' ? 'train' : part}`;
    datasets[part] = fileDataset(called, classes, { ...samples, source: path }, size);
    files[part] = samples.paths;
  }
  return {
    name,
    classes,
    parts: datasets,
    files,
    normalisation: size.channels === 3 ? imageNetNormalisation : greyNormalisation(imageNetNormalisation),
    problems,
  };
}

function* namesIn(rows: readonly TableRow[]): Generator<string> {
  for (const { image } of rows) if (typeof image === 'string' && image !== '') yield image;
}
