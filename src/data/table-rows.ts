/** The rows of a table of images, each with its line in the file, in whichever of the forms that programs write. */
import Papa from 'papaparse';
import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import type { TableColumns } from './table-columns.ts';

/** A cell: its text without spaces around it, or, where JSON has a list of several, those. */
export type Cell = string | readonly string[];

/** One row of a table. */
export interface TableRow {
  /** In the file, counted from 1. */
  readonly line: number;
  readonly image: Cell;
  readonly label: Cell;
  /** '' where no column says it. */
  readonly split: Cell;
}

/** What ends such a file's name. */
const tableName = /\.(csv|tsv|jsonl|ndjson)$/i;

/** Whether a file's name is that of a table of images. */
export const isTableName = (path: string): boolean => tableName.test(path);

/** Longer texts are more than V8 holds. */
const mostBytes = 2 ** 29 - 24;

/** Who hears what is in a table. */
export interface TableVisitor {
  /** Says from the names of the columns which are wanted. */
  choose(columns: readonly string[]): TableColumns;
  row(row: TableRow): void;
  /** A line that is no row, while others are; `about` tells the kinds of faults apart. */
  fault(line: number, fault: LineFault): void;
}

/** What is wrong with a line. */
export interface LineFault {
  readonly about: 'cells' | 'object' | 'value';
  readonly message: string;
  readonly hint: string;
}

/**
 * Goes through the rows, from the first to the last; lines without anything are passed over.
 * @throws DataError naming the line where the file is no table
 */
export async function readTableRows(path: string, visitor: TableVisitor): Promise<void> {
  const text = textOf(path, await readBytes(path));
  if (/\.(jsonl|ndjson)$/i.test(path)) readJsonLines(path, text, visitor);
  else readSeparated(path, text, visitor);
}

function textOf(path: string, bytes: Uint8Array): string {
  if (bytes.length > mostBytes)
    throw new DataError(
      `${path}: expected a table of at most 512 MiB, but got ${bytes.length} bytes`,
      'leave out columns that say nothing of images and classes, or split it: --data can be given more than once',
    );
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0] ?? '';
    throw new DataError(
      `${path}:${linesIn(before) + 1}: expected text in UTF-8, but got something else`,
      'save the table as CSV in UTF-8',
    );
  }
}

const linesIn = (text: string) => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
};

function readSeparated(path: string, given: string, visitor: TableVisitor): void {
  const text = given.includes('\r') ? given.replaceAll(/\r\n?/g, '\n') : given;
  const delimiter = /\.tsv$/i.test(path) ? '\t' : delimiterOf(text);
  let line = 1;
  let header: readonly string[] | undefined;
  let columns: TableColumns | undefined;
  const readRow = (cells: readonly string[]) => {
    if (cells.length === 1 && cells[0]?.trim() === '') return;
    if (!header || !columns) {
      header = cells.map((cell) => cell.trim());
      columns = visitor.choose(header);
      return;
    }
    // programs leave a delimiter at a line's end
    const isFull = cells.length >= header.length && cells.slice(header.length).every((cell) => cell.trim() === '');
    if (!isFull) {
      const message = `expected ${header.length} cells, as the first line has, but got ${cells.length}`;
      const hint = 'a cell with the delimiter in it stands in quotes: "shirt, blue"';
      visitor.fault(line, { about: 'cells', message, hint });
      return;
    }
    const cell = (at: number | undefined) => (at === undefined ? '' : (cells[at] as string).trim());
    visitor.row({ line, image: cell(columns.image), label: cell(columns.label), split: cell(columns.split) });
  };
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    step: ({ data: cells, errors: [error] }) => {
      if (error)
        throw new DataError(
          `${path}:${line}: the quotes of a cell are not as CSV has them (${error.message})`,
          'a cell in quotes ends with one, and a quote within it is written twice',
        );
      readRow(cells);
      line += 1 + cells.reduce((sum, cell) => sum + linesIn(cell), 0);
    },
  });
  if (!header)
    throw new DataError(`${path}: expected a table, but the file is empty`, 'write a first line such as image,label');
}

/** The one of the usual that parts the first line into most cells. */
function delimiterOf(text: string): string {
  const [first = ''] = text.trimStart().split('\n', 1);
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({
    delimiter,
    cells: Papa.parse<string[]>(first, { delimiter }).data[0]?.length ?? 0,
  }));
  return counts.reduce((most, each) => (each.cells > most.cells ? each : most)).delimiter;
}

type Chosen = { readonly [Part in keyof TableColumns]: string | undefined };

function readJsonLines(path: string, text: string, visitor: TableVisitor): void {
  let chosen: Chosen | undefined;
  const keys = new Set<string>();
  let first: DataError | undefined;
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const json = text.slice(start, end).trim();
    start = end + 1;
    line++;
    if (json === '') continue;
    const record = recordOf(json);
    if (record === undefined) {
      const fault = noObject(json);
      visitor.fault(line, fault);
      first ??= new DataError(`${path}:${line}: ${fault.message}`, fault.hint);
      continue;
    }
    const before = keys.size;
    for (const key of Object.keys(record)) keys.add(key);
    if (!chosen || keys.size > before) {
      const names = [...keys];
      const { image, label, split } = visitor.choose(names);
      const now: Chosen = {
        image: names[image],
        label: names[label],
        split: split === undefined ? undefined : names[split],
      };
      if (chosen && JSON.stringify(now) !== JSON.stringify(chosen))
        throw new DataError(
          `${path}:${line}: expected the keys of the lines before, but here is also \`${[...keys].slice(before).join('`, `')}\`, which may say what an image is for`,
          'give all lines the same keys, or name those that count: --image-column, --label-column, --split-column',
        );
      chosen = now;
    }
    const { image, label, split } = chosen;
    const cells = [image, label, split].map((key) => (key === undefined ? '' : cellOf(record[key])));
    const odd = cells.indexOf(undefined);
    if (odd >= 0) visitor.fault(line, noCell([image, label, split][odd] ?? '', record));
    else visitor.row({ line, image: cells[0] ?? '', label: cells[1] ?? '', split: cells[2] ?? '' });
  }
  if (!chosen)
    throw first ?? new DataError(`${path}: expected a table, but the file is empty`, 'write a line for each image');
}

function recordOf(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // it is none
  }
  return undefined;
}

const noObject = (json: string): LineFault => ({
  about: 'object',
  message: `expected an object such as {"image": "a.jpg", "label": "cat"}, but got ${json.length > 60 ? `${json.slice(0, 60)}…` : json}`,
  hint: 'each line is a whole JSON object; a list over several lines is another format',
});

/** Undefined for what is neither a text nor a number. */
function cellOf(value: unknown): Cell | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number')) {
    const items = value.map((item) => String(item).trim());
    return items.length === 1 ? (items[0] as string) : items.length === 0 ? '' : items;
  }
  return undefined;
}

const noCell = (key: string, record: Readonly<Record<string, unknown>>): LineFault => ({
  about: 'value',
  message: `expected a text or a number as \`${key}\`, but got ${Array.isArray(record[key]) ? 'a list of other things' : 'an object'}`,
  hint: 'name another column, with --image-column or --label-column',
});
