/** Names of classes in a table with a header, as a CSV file has it. */
import Papa from 'papaparse';

/** In the order of the lines, or with the numbers that stand beside them. */
type Table = { readonly names: string[] } | { readonly numbered: readonly [at: number, name: string][] };

/** What columns are called that may hold a name; the first that is there is taken. */
const nameColumns = [
  'name',
  'class_name',
  'classname',
  'label_name',
  'category_name',
  'class',
  'label',
  'category',
  'species',
];
const numberColumns = [
  'index',
  'idx',
  'class_index',
  'class_idx',
  'class_id',
  'label_id',
  'id',
  'number',
  'target',
  'class',
  'label',
];

/**
 * Undefined unless the first line is a header: two known columns, one of which has a whole number in every line; a name and others; or, where the
 * file is called one (`isTable`), a known name alone.
 */
export function namesInTable(lines: readonly string[], isTable: boolean): Table | undefined {
  const separator = [',', ';', '\t'].find((each) => lines[0]?.includes(each));
  if (separator === undefined && !isTable) return undefined;
  const [header = [], ...rows] = lines.map((line) => cellsOf(line, separator ?? ','));
  const columns = header.map((cell) => cell.toLowerCase().replaceAll(/[\s-]+/g, '_'));
  if (rows.length === 0 || rows.some((row) => row.length !== columns.length)) return undefined;
  const column = (at: number) => rows.map((row) => row[at] ?? '');
  const areNumbers = (at: number) => column(at).every((cell) => /^\d{1,9}$/.test(cell));
  const find = (names: readonly string[], isFit: (at: number) => boolean) =>
    names.map((name) => columns.indexOf(name)).find((at) => at >= 0 && isFit(at));
  const name = find(nameColumns, (at) => !areNumbers(at)) ?? find(nameColumns, () => true);
  const number = find(numberColumns, (at) => at !== name && areNumbers(at));
  if (name === undefined || (number === undefined && !isTable)) return undefined;
  const names = column(name);
  if (number === undefined) return { names };
  return { numbered: column(number).map((at, i) => [Number(at), names[i] ?? '']) };
}

const cellsOf = (line: string, delimiter: string): string[] =>
  (Papa.parse<string[]>(line, { delimiter }).data[0] ?? []).map((cell) => cell.trim());
