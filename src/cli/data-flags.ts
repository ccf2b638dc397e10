/** The flags that say where data is and how it is read, the same for all commands. */
import { type Command, Option } from 'commander';
import {
  type DataReading,
  type DataSource,
  isDataSource,
  type Layout,
  sourcesOf,
  type TableReading,
  tableReading,
} from '../data/index.ts';
import { quoted } from '../tensor/index.ts';
import { layoutOption } from './flag-values.ts';

/** The flags of `addReadingFlags`. */
export interface ReadingFlags extends TableReading {
  readonly layout?: Layout;
}

/** What `--data` and DATA take, as help says. */
export const dataChoices =
  'a name such as cifar10, a folder with one subfolder per class, a table (.csv, .tsv, .jsonl) or an idx file';

/** `--data`; given again, it adds to the data. */
export const dataOption = () =>
  new Option('--data <data>', `${dataChoices}; given more than once, all of them together`).argParser(
    (data: string, before: readonly string[] | undefined) => [...(before ?? []), data],
  );

/** One name as it is, several as a list. */
export const givenData = (data: readonly string[]): DataSource => (data.length === 1 ? (data[0] as string) : data);

/** The same for a command to copy: `photos --data more`; DATA where code made it. */
export const dataWords = (data: unknown): string =>
  isDataSource(data) ? sourcesOf(data).map(quoted).join(' --data ') : 'DATA';

/** How folders and tables are read. */
export function addReadingFlags(command: Command): Command {
  return command
    .addOption(layoutOption())
    .option('--image-column <name>', "a table's column of image names (image, filename, path, …)")
    .option('--label-column <name>', "a table's column of classes (label, class, category, …)")
    .option('--split-column <name>', "a table's column of train, val and test, or none (split, if there is one)")
    .option('--image-folder <folder>', "where a table's image names start (its own folder, or one beside it)");
}

/** What the flags stand for. */
export const readingOf = (flags: ReadingFlags): Pick<DataReading, 'layout'> & TableReading => ({
  ...(flags.layout !== undefined && { layout: flags.layout }),
  ...tableReading(flags),
});

/** The same for a command to copy: ` --label-column breed`; '' where nothing was asked for. */
export const readingWords = (reading: ReadingFlags): string =>
  Object.entries(readingOf(reading))
    .map(([name, value]) => ` --${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${quoted(value)}`)
    .join('');
