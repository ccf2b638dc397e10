/** Features as a file: .npy with a list of its rows beside it, or one table. Rows are written as they come. */
import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { extname } from 'node:path';
import Papa from 'papaparse';
import { writeFileInParts } from '../../files/index.ts';
import { ConfigError } from '../../tensor/index.ts';

/** Rows that are written together. */
export interface NamedRows {
  /** [rows, width] */
  readonly features: Float32Array;
  readonly width: number;
  /** What each row's image is called, of which split it is, and its class; '' where that is not known. */
  readonly names: readonly RowName[];
}

export type RowName = readonly [id: string, split: string, label: string];

/** Writes the next rows. */
export type WriteRows = (rows: NamedRows) => Promise<void>;

/** The files that are written for a name. */
export interface FeatureFiles {
  /** The features. */
  readonly file: string;
  /** The table of rows beside an .npy: `features.rows.csv`. */
  readonly rows?: string;
}

/** @throws ConfigError for a name that ends in neither .npy nor .csv */
export function featureFiles(file: string): FeatureFiles {
  const kind = extname(file).toLowerCase();
  if (kind === '.csv') return { file };
  if (kind === '.npy') return { file, rows: `${file.slice(0, -kind.length)}.rows.csv` };
  throw new ConfigError(
    `${file}: expected a file that ends in .npy or .csv`,
    'features.npy is for NumPy, with features.rows.csv beside it; features.csv is one table',
  );
}

const columns = ['id', 'split', 'label'];

/**
 * Runs `work`, which gives the rows of `file` in their order; the file appears when it has ended, whole or not at all.
 * An .npy (format 1.0) holds float32 [rows, width]; in a table a row is id, split, label, f0, f1, ….
 * @returns what `work` returns
 * @throws what `work` throws; ConfigError as `featureFiles`; CheckpointError where a file cannot be written
 */
export function writeFeatures<T>(file: string, work: (write: WriteRows) => Promise<T>): Promise<T> {
  const { rows: list } = featureFiles(file);
  if (list === undefined) return writeFileInParts(file, (table) => work(tableWriter(table)));
  return writeFileInParts(list, (table) =>
    writeFileInParts(file, async (array) => {
      const npy = new NpyWriter(array);
      const writeNames = namesWriter(table);
      const result = await work(async (rows) => {
        await npy.write(rows);
        await writeNames(rows);
      });
      await npy.end();
      return result;
    }),
  );
}

const csvLines = (rows: readonly (readonly (string | number)[])[]) =>
  `${Papa.unparse([...rows] as (string | number)[][], { newline: '\n' })}\n`;

function namesWriter(file: FileHandle): WriteRows {
  let isFirst = true;
  return async ({ names }) => {
    await file.appendFile(csvLines([...(isFirst ? [columns] : []), ...names]));
    isFirst = false;
  };
}

function tableWriter(file: FileHandle): WriteRows {
  let isFirst = true;
  return async ({ names, features, width }) => {
    const head = isFirst ? [[...columns, ...Array.from({ length: width }, (_, i) => `f${i}`)]] : [];
    isFirst = false;
    const rows = names.map((name, row) => [
      ...name,
      ...Array.from(features.subarray(row * width, (row + 1) * width), shortest),
    ]);
    await file.appendFile(csvLines([...head, ...rows]));
  };
}

/** Nine digits tell every float32 from every other (IEEE 754-2019, 5.12.2). */
const shortest = (value: number) => String(Number(value.toPrecision(9)));

/** Room for any number of rows, so that the header can be written last: it says how many there are. */
const headerBytes = 128;

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0 */
class NpyWriter {
  readonly #file: FileHandle;
  #rows = 0;
  #width = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write({ features, width, names }: NamedRows): Promise<void> {
    if (this.#rows === 0) await this.#file.appendFile(new Uint8Array(headerBytes));
    this.#rows += names.length;
    this.#width = width;
    await this.#file.appendFile(new Uint8Array(features.buffer, features.byteOffset, features.byteLength));
  }

  async end(): Promise<void> {
    const header = Buffer.alloc(headerBytes, ' ');
    header.write('\x93NUMPY\x01\x00', 'latin1');
    header.writeUInt16LE(headerBytes - 10, 8);
    const order = endianness() === 'LE' ? '<' : '>';
    header.write(
      `{'descr': '${order}f4', 'fortran_order': False, 'shape': (${this.#rows}, ${this.#width}), }`,
      10,
      'latin1',
    );
    header.write('\n', headerBytes - 1, 'latin1');
    // not in append mode, so that a position is heeded
    await this.#file.write(header, 0, headerBytes, 0);
  }
}
