/**
 * What torch.save wrote before PyTorch 1.6: pickles one after the other (a magic number, the version, facts about the machine, the
 * object, the storages' keys), then for each key the number of elements and the elements.
 */
import { ByteReader, describeValue, type PickleValue, quote, Unknown, unpickle } from '../pickle/index.ts';
import { noStorages } from './no-storages.ts';
import type { StorageReference } from './tensor-reference.ts';
import { torchError } from './torch-error.ts';
import { storageOf, unknownOf } from './torch-globals.ts';
import type { Storages } from './torch-tensor.ts';

const magicNumber = 0x1950a86a20f9469cfc6cn;
const version = 1001;

/** Whether the file begins with the pickle of the magic number. */
export function isTorchLegacy(file: Uint8Array): boolean {
  try {
    return unpickle(file.subarray(0, 64), noStorages).value === magicNumber;
  } catch {
    return false;
  }
}

/** @throws CheckpointError where anything in the file contradicts the layout */
export function readTorchLegacy(file: Uint8Array): { value: PickleValue; storages: Storages } {
  const declared = new Map<string, StorageReference>();
  let position = 0;
  const next = (persistent = noStorages.persistent): PickleValue => {
    const { value, end } = unpickle(file, { ...noStorages, persistent }, { start: position });
    position = end;
    return value;
  };
  next();
  const found = next();
  if (found !== version)
    throw torchError(`expected version ${version} of the older layout, got ${describeValue(found)}`);
  const machine = next();
  if (machine instanceof Map && machine.get('little_endian') === false)
    throw torchError(
      'expected little-endian storages, got big-endian ones',
      'save it again on a little-endian machine',
    );
  const value = next((id) => {
    const unknown = unknownOf(id);
    // how many bytes each of its elements takes must be known to find the storages after it
    if (unknown instanceof Unknown && unknown.kind === 'tensor')
      throw torchError(
        `expected storages of numbers, got one of ${quote(unknown.name)}`,
        'save it again with a PyTorch of 1.6 or later, whose layout finds each storage by itself',
      );
    if (unknown !== undefined) return unknown;
    const { root, storage } = storageOf(id);
    const earlier = declared.get(root.key) ?? root;
    if (earlier.dtype !== root.dtype || earlier.elements !== root.elements)
      throw torchError(`expected storage ${quote(root.key)} to be described alike everywhere, got two descriptions`);
    declared.set(root.key, root);
    return storage;
  });
  const stored = readStorages(file, next, () => position, declared);
  return {
    value,
    storages: (key) => {
      const bytes = stored.get(key);
      if (!bytes) throw torchError(`expected the storage ${quote(key)} after the object, got none`);
      return bytes;
    },
  };
}

function readStorages(
  file: Uint8Array,
  next: () => PickleValue,
  position: () => number,
  declared: ReadonlyMap<string, StorageReference>,
): Map<string, Uint8Array> {
  const keys = next();
  if (!Array.isArray(keys)) throw torchError(`expected a list of storages, got ${describeValue(keys)}`);
  const reader = new ByteReader(file, position());
  const stored = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? declared.get(key) : undefined;
    if (!storage || stored.has(storage.key))
      throw torchError(`expected the storages that the object names, each once, got ${describeValue(key)}`);
    const elements = reader.uint64();
    if (elements !== storage.elements)
      throw torchError(`expected ${storage.elements} elements in storage ${quote(storage.key)}, got ${elements}`);
    stored.set(storage.key, reader.raw(elements * storage.dtype.bytes));
  }
  return stored;
}
