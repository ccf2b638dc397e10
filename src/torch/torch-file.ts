/**
 * Weights from a file of PyTorch, without Python. Such a file is a pickle, which is a program, and storages; here it is read as
 * data: what a name makes that is not on a short list stays opaque, and nothing larger than the file, in proportion, is ever allocated.
 */

import { PickleError, type PickleValue, quote } from '../pickle/index.ts';
import type { Tensor } from '../tensor/index.ts';
import { classNamesIn, type NamedClasses } from './class-names-in.ts';
import { findStateDict, type LeftOver } from './find-state-dict.ts';
import { plainPickle } from './plain-pickle.ts';
import { saveWeightsOnly, saveWeightsUnder, torchError } from './torch-error.ts';
import { isTorchLegacy, readTorchLegacy } from './torch-legacy.ts';
import { tensorBuilder } from './torch-tensor.ts';
import { readTorchZip } from './torch-zip.ts';

export interface TorchFile {
  /** By their names in PyTorch, such as `layer1.0.conv1.weight`, in the file's order. */
  readonly tensors: Map<string, Tensor>;
  /** The keys that lead to the weights, joined by dots: `state_dict`; empty where they are the saved object itself. */
  readonly path: string;
  /** What else the file holds, such as an epoch or an optimiser's state. */
  readonly leftOver: readonly LeftOver[];
  /** Paths of other dicts with about as many tensors, such as `state_dict_ema`: an average, or another network. */
  readonly others: readonly string[];
  /** What the file says of class names, as `class_to_idx` or `classes`; it may not fit the weights. */
  readonly classes: readonly NamedClasses[];
  /** Names of tensors that the file has in half precision. */
  readonly halves: readonly string[];
}

/** Options of `readTorchFile`. */
export interface TorchFileOptions {
  /** The path of the dict to take, such as `state_dict_ema`; default: one of a familiar name, else the largest. */
  readonly state?: string | undefined;
}

/**
 * Reads what `torch.save(model.state_dict(), …)` wrote, or a checkpoint around it: the zip of PyTorch 1.6 and later, or the layout
 * before it. float16 and bfloat16 become float32, int8 and int16 become int32. Tensors may be views of `bytes` and of one another:
 * do not change `bytes` afterwards.
 * Objects of other classes beside the weights are passed over: nothing in the file is ever run.
 * @throws CheckpointError where the file is damaged, holds no weights (it says what instead), or weights that are no plain tensors
 */
export function readTorchFile(bytes: Uint8Array, options: TorchFileOptions = {}): TorchFile {
  try {
    return torchFile(bytes, options);
  } catch (error) {
    // what is wrong with its pickle is wrong with the file
    if (!(error instanceof PickleError)) throw error;
    if (error.kind !== 'object') throw torchError(error.message);
    const key = error.unfinished && weightsKey(error.unfinished);
    throw torchError(error.message, key === undefined ? saveWeightsOnly : saveWeightsUnder(key));
  }
}

function torchFile(bytes: Uint8Array, { state }: TorchFileOptions): TorchFile {
  // A plain view, because slices of a Node `Buffer` are not copies where copies are needed.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { value, storages } = read(file);
  const { path, tensors, leftOver, others } = findStateDict(value, state);
  const build = tensorBuilder(storages, file.length);
  const halves = [...tensors].filter(([, { storage }]) => /float16$/.test(storage.dtype.name)).map(([name]) => name);
  return {
    tensors: new Map([...tensors].map(([name, reference]) => [name, build(reference)])),
    path,
    leftOver,
    others,
    classes: classNamesIn(value),
    halves,
  };
}

/** The key of the saved dict that holds the weights, where they were read before the reading ended. */
function weightsKey(dict: ReadonlyMap<PickleValue, PickleValue>): string | undefined {
  try {
    const { path } = findStateDict(new Map(dict));
    // a plain key of the dict itself, which Python takes as it is
    return dict.has(path) && /^[\w.-]+$/.test(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function read(file: Uint8Array): ReturnType<typeof readTorchZip> {
  if (startsWith(file, 'PK\x03\x04')) return readTorchZip(file);
  if (isTorchLegacy(file)) return readTorchLegacy(file);
  if (startsWith(file.subarray(257), 'ustar'))
    throw torchError(
      'expected a zip, or the layout before PyTorch 1.6, but this is a tar, as PyTorch wrote before 0.1.10 or another program did',
      'read it once with torch.load and write it again with torch.save',
    );
  if (file[0] === 0x80) throw plainPickle(file);
  throw torchError(
    file.length === 0
      ? 'expected what torch.save writes, but the file is empty'
      : `expected what torch.save writes, but the file starts with ${quote(Buffer.from(file.subarray(0, 24)).toString('latin1'))}`,
    'give a .pth or .pt file; a download may have saved an error page or a pointer in its place',
  );
}

function startsWith(file: Uint8Array, text: string): boolean {
  return Buffer.from(file.subarray(0, text.length)).toString('latin1') === text;
}
