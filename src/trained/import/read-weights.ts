/** Weights out of files of other tools, told apart by content. */
import { readFile, stat } from 'node:fs/promises';
import { fileError } from '../../files/index.ts';
import { readOnnxWeights } from '../../onnx/index.ts';
import { CheckpointError, decodeSafetensors, SkeinError, type Tensor } from '../../tensor/index.ts';
import { readTorchFile } from '../../torch/index.ts';

/** What a file of weights holds, by its own names. */
export interface ForeignWeights {
  /** The kind of file, as people call it. */
  readonly source: 'safetensors' | 'PyTorch' | 'ONNX';
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** What the file says about itself; empty where the kind says nothing. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of tensors that were in half precision and are float32 now. */
  readonly halves: readonly string[];
  /** Names of tensors that were in double precision and are rounded to float32 already. */
  readonly doubles?: readonly string[];
  /** What else had to be decided, for people. */
  readonly notes: readonly string[];
}

/** How one kind of file is read; `is` looks at its first bytes. The first that says yes is asked. */
interface Reader {
  is(bytes: Uint8Array): boolean;
  read(bytes: Uint8Array): ForeignWeights;
}

const readers: readonly Reader[] = [
  {
    // a header's length, and the header itself
    is: (bytes) => bytes.length >= 9 && bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0,
    read: (bytes) => ({ source: 'safetensors', notes: [], ...decodeSafetensors(bytes) }),
  },
  {
    // the version of the format, the first field of the message
    is: (bytes) => bytes[0] === 0x08,
    read: (bytes) => {
      const { producer, ...weights } = readOnnxWeights(bytes);
      return {
        source: 'ONNX',
        ...weights,
        notes: producer === '' ? [] : [`written by ${producer}`],
      };
    },
  },
  {
    // a zip, a pickle, or the tar that its reader explains
    is: (bytes) => startsWith(bytes, 'PK\x03\x04') || bytes[0] === 0x80 || startsWith(bytes.subarray(257), 'ustar'),
    read: (bytes) => {
      const { tensors, path, leftOver, halves } = readTorchFile(bytes);
      const beside = leftOver.length === 0 ? '' : `; beside it ${named(leftOver.map(({ name }) => name))}, not read`;
      const notes = path === '' && beside === '' ? [] : [`read ${placeOf(path)}${beside}`];
      return { source: 'PyTorch', tensors, metadata: {}, halves, notes };
    },
  },
];

/** @throws CheckpointError where the file cannot be read, is of no kind that is known, or damaged */
export async function readWeights(path: string): Promise<ForeignWeights> {
  const bytes = await regularFile(path).catch((error) => {
    throw fileError('read', path, error, 'give a .safetensors, .pth, .pt or .onnx file');
  });
  const reader = readers.find(({ is }) => is(bytes));
  if (!reader)
    throw new CheckpointError(
      `${path}: expected weights as safetensors, as ONNX, or as torch.save writes them, but the file ` +
        (bytes.length === 0 ? 'is empty' : `starts with ${JSON.stringify(textOf(bytes.subarray(0, 24)))}`),
      'a download may have saved an error page or a pointer in its place',
    );
  try {
    return reader.read(bytes);
  } catch (error) {
    if (error instanceof SkeinError) throw new CheckpointError(`${path}: ${error.message}`, error.hint);
    throw error;
  }
}

/** `work`, whose errors of the file say which file it is. */
export function namingPath<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CheckpointError && !error.message.startsWith(`${path}:`))
      throw new CheckpointError(`${path}: ${error.message}`, error.hint);
    throw error;
  }
}

/** A list has numbers in place of keys, which say nothing by themselves. */
function placeOf(path: string): string {
  if (path === '') return 'the saved dict';
  return /^\d+$/.test(path) ? `item ${path} of the saved list` : `\`${path}\``;
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const startsWith = (bytes: Uint8Array, text: string) => textOf(bytes.subarray(0, text.length)) === text;

/** A device or a pipe may have no end. */
async function regularFile(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new Error('it is no file');
  return readFile(path);
}

/** The first three in backquotes. */
export function named(names: readonly string[]): string {
  const first = names.slice(0, 3).map((name) => `\`${name.length > 80 ? `${name.slice(0, 80)}…` : name}\``);
  return `${first.join(', ')}${names.length > 3 ? ', …' : ''}`;
}
