/** Weights out of files of other tools, told apart by content. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { type OtherFile, otherFile, otherFolder } from '../../checkpoint/index.ts';
import { fileError } from '../../files/index.ts';
import { readOnnxWeights } from '../../onnx/index.ts';
import { CheckpointError, ConfigError, decodeSafetensors, SkeinError, type Tensor } from '../../tensor/index.ts';
import { type NamedClasses, readTorchFile } from '../../torch/index.ts';
import { preprocessingBeside } from './preprocessing-beside.ts';

/** What a file of weights holds, by its own names. */
export interface ForeignWeights {
  /** The kind of file, as people call it. */
  readonly source: 'safetensors' | 'PyTorch' | 'ONNX';
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** What the file says about itself, or a config.json of timm beside it; empty where neither says anything. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of tensors that were in half precision and are float32 now. */
  readonly halves: readonly string[];
  /** Names of tensors that were in double precision and are rounded to float32 already. */
  readonly doubles?: readonly string[];
  /** What a file of PyTorch says of class names, by the keys that lead to it; it may not fit the weights. */
  readonly classNames?: readonly NamedClasses[];
  /** What else had to be decided, for people. */
  readonly notes: readonly string[];
}

/** What is taken from a file that has more than one dict of weights. */
export interface ReadOptions {
  /** In a file of PyTorch, the keys that lead to the weights, joined by dots: `state_dict_ema`. */
  readonly state?: string | undefined;
}

const expected = 'expected weights as safetensors, as ONNX, or as torch.save writes them';
const whatToGive = 'give a .safetensors, .pth, .pt or .onnx file';

/** How one kind of file is read; `is` looks at its first bytes. The first that says yes is asked. */
interface Reader {
  is(bytes: Uint8Array): boolean;
  read(bytes: Uint8Array, options: ReadOptions): ForeignWeights;
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
    read: (bytes, options) => {
      const { tensors, path, leftOver, others, classes, halves } = readTorchFile(bytes, options);
      const beside = leftOver.length === 0 ? '' : `; beside it ${named(leftOver.map(({ name }) => name))}, not read`;
      const notes = path === '' && beside === '' ? [] : [`read ${placeOf(path)}${beside}`];
      if (others.length > 0)
        notes.push(
          `there are other weights in the file: ${named(others)} (--state ${quotedWord(others[0] as string)} takes them)`,
        );
      if (tensors.delete(averaged)) notes.push(`\`${averaged}\`, a counter of averaging, is left out`);
      return { source: 'PyTorch', tensors, metadata: {}, halves, classNames: classes, notes };
    },
  },
];

/** Beside the weights, in what PyTorch's `AveragedModel` saves. */
const averaged = 'n_averaged';

/**
 * @throws CheckpointError where the file cannot be read, is of no kind that is known, or damaged; ConfigError where a dict is named that
 * only files of PyTorch have
 */
export async function readWeights(path: string, options: ReadOptions = {}): Promise<ForeignWeights> {
  const bytes = await regularFile(path).catch((error) => {
    if (error instanceof CheckpointError) throw error;
    throw fileError('read', path, error, whatToGive);
  });
  expectNoOther(path, otherFile(bytes));
  const reader = readers.find(({ is }) => is(bytes));
  if (!reader)
    throw new CheckpointError(
      `${path}: ${expected}, but the file starts with ${JSON.stringify(textOf(bytes.subarray(0, 24)))}`,
      whatToGive,
    );
  try {
    const weights = await withPreprocessing(path, reader.read(bytes, options));
    if (options.state !== undefined && weights.source !== 'PyTorch')
      throw new ConfigError(
        `import: \`state\` names a dict in a file of PyTorch, but ${path} is ${weights.source}, which holds one set of weights`,
        'leave it out',
      );
    return weights;
  } catch (error) {
    if (error instanceof SkeinError && !(error instanceof ConfigError))
      throw new CheckpointError(`${path}: ${error.message}`, error.hint);
    throw error;
  }
}

/** With what a file beside it says of its pixels, where the file itself does not. */
async function withPreprocessing(path: string, weights: ForeignWeights): Promise<ForeignWeights> {
  const { metadata } = weights;
  if (metadata.preprocessing !== undefined || metadata.kind === 'skein-checkpoint') return weights;
  const beside = await preprocessingBeside(path);
  if (!beside) return weights;
  return { ...weights, metadata: { ...metadata, preprocessing: JSON.stringify(beside) } };
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

/** @throws CheckpointError that says what it is */
function expectNoOther(path: string, other: OtherFile | undefined): void {
  if (other) throw new CheckpointError(`${path}: ${expected}, but this is ${other.what}`, other.hint ?? whatToGive);
}

/** A device or a pipe may have no end. */
async function regularFile(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  if (found.isDirectory()) expectNoOther(path, otherFolder(await readdir(path)));
  else if (!found.isFile()) throw new Error('it is no file');
  return readFile(path);
}

/** As a shell takes it. */
const quotedWord = (word: string) => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The first three in backquotes. */
export function named(names: readonly string[]): string {
  const first = names.slice(0, 3).map((name) => `\`${name.length > 80 ? `${name.slice(0, 80)}…` : name}\``);
  return `${first.join(', ')}${names.length > 3 ? ', …' : ''}`;
}
