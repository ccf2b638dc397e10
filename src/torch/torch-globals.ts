/**
 * The names that weights need, and what is built for them: a closed list, close to the one of PyTorch's own
 * `torch.load(…, weights_only=True)`. Nothing is looked up; what any other name would make is left opaque.
 */
import { describeValue, GlobalName, Opaque, type PickleValue, quote, Tuple, Unknown } from '../pickle/index.ts';
import { StorageReference, TensorReference } from './tensor-reference.ts';
import { storageDtypes } from './torch-dtype.ts';
import { torchError } from './torch-error.ts';

/** PyTorch's limit on axes. */
const maximumRank = 64;
/** No honest name is longer, and a long one could be asked for a million times. */
const longestName = 250;

const dtypeNames =
  'float32 float float64 double float16 half bfloat16 int64 long int32 int int16 short int8 uint8 bool'.split(' ');
const dtypes = new Set(dtypeNames.map((name) => `torch.${name}`));

type Build = (argument: readonly PickleValue[]) => PickleValue;

const builders: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['collections.OrderedDict', ([pairs]) => dictOf(pairs)],
  ['collections.defaultdict', () => new Map()],
  ['collections.Counter', ([counts]) => (counts instanceof Map ? counts : dictOf(counts))],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_parameter', ([data]) => data ?? null],
  ['torch._utils._rebuild_parameter_with_state', ([data]) => data ?? null],
  ['torch.Size', ([sizes]) => sizes ?? new Tuple([])],
  ['torch.device', ([type]) => new Opaque(`the device ${describeValue(type)}`)],
  ['numpy.dtype', () => new Opaque('a dtype of NumPy')],
  ['numpy.core.multiarray.scalar', () => new Opaque('a number of NumPy')],
  ['numpy._core.multiarray.scalar', () => new Opaque('a number of NumPy')],
  // how protocol 2 writes sets and bytes, with the names of Python 2 or 3
  ...['__builtin__', 'builtins'].flatMap((module): [string, Build][] => [
    [`${module}.set`, ([items]) => setOf(items)],
    [`${module}.frozenset`, ([items]) => setOf(items)],
    [`${module}.bytes`, () => new Uint8Array()],
  ]),
  [
    '_codecs.encode',
    ([text]) => (typeof text === 'string' ? Uint8Array.from(Buffer.from(text, 'latin1')) : refuse(text)),
  ],
]);

const refuse = (value: PickleValue | undefined): never => {
  throw torchError(`expected arguments of a plain value, got ${describeValue(value)}`);
};

/** @throws CheckpointError where the name is longer than any honest one */
export function resolveGlobal(name: string): PickleValue {
  if (name.length > longestName)
    throw torchError(`pickle: expected a name of at most ${longestName} characters, got one of ${name.length}`);
  if (builders.has(name) || storageDtypes.has(name)) return new GlobalName(name);
  return dtypes.has(name) ? new Opaque(name) : new Unknown(name, 'name');
}

/** Functions that make an object of the class that is their first argument; `getattr` gives the member of an enum. */
const makersOfClasses = new Set([
  'copy_reg._reconstructor',
  'copyreg._reconstructor',
  'copyreg.__newobj__',
  '__builtin__.getattr',
  'builtins.getattr',
  'numpy.core.multiarray._reconstruct',
  'numpy._core.multiarray._reconstruct',
]);

const makersOfTensors = /^torch\..*_rebuild_|^torch\.storage\._load_from_bytes$/;

/** What stands in place of what a name that is not on the list would make; the arguments are forgotten. */
export function absorbCall(name: string, argument: readonly PickleValue[]): PickleValue {
  const [first] = argument;
  if (first instanceof Unknown && first.kind === 'name' && makersOfClasses.has(name))
    return new Unknown(first.name, 'object');
  // few of them are looked at: the same tuple may be the arguments of a million calls
  const few = (values: readonly PickleValue[]) => values.slice(0, 8);
  const parts = few(argument).flatMap((value) => (value instanceof Tuple ? few(value.items) : [value]));
  const tensor = parts.find(isTensorLike);
  if (tensor === undefined && !makersOfTensors.test(name)) return new Unknown(name, 'object');
  // the innermost name is the one to know of
  return new Unknown(tensor instanceof Unknown ? tensor.name : name, 'tensor');
}

const isTensorLike = (value: PickleValue): boolean =>
  value instanceof StorageReference ||
  value instanceof TensorReference ||
  (value instanceof Unknown && value.kind === 'tensor');

/** What calling a name of the list would build. */
export function callGlobal(name: string, argument: readonly PickleValue[]): PickleValue {
  const build = builders.get(name);
  if (!build) throw torchError(`expected something to build, got a call of ${quote(name)}`);
  return build(argument);
}

/**
 * What a persistent id stands for that is no storage that is known: a class of the older layout, ('module', class, file, source), or a
 * storage of a class that is not on the list.
 */
export function unknownOf(id: PickleValue): PickleValue | undefined {
  const [kind, named] = id instanceof Tuple ? id.items : [];
  if (!(named instanceof Unknown)) return undefined;
  if (kind === 'module') return named;
  return kind === 'storage' ? new Unknown(named.name, 'tensor') : undefined;
}

/**
 * The storage that a persistent id stands for: ('storage', class, key, device, elements), and in the older layout a
 * view (key, begin, elements) or None.
 */
export function storageOf(id: PickleValue): { root: StorageReference; storage: StorageReference } {
  const items = id instanceof Tuple ? id.items : [];
  const [kind, storageClass, key, , elements, view] = items;
  const dtype = storageClass instanceof GlobalName ? storageDtypes.get(storageClass.name) : undefined;
  if (kind !== 'storage' || !dtype || typeof key !== 'string' || !isSize(elements))
    throw torchError(`expected a storage, got (${items.slice(0, 6).map(describeValue).join(', ')})`);
  const root = new StorageReference(key, dtype, 0, elements);
  if (view === undefined || view === null) return { root, storage: root };
  const [, begin, count] = view instanceof Tuple ? view.items : [];
  if (!isSize(begin) || !isSize(count) || begin + count > elements)
    throw torchError(
      `expected a view within ${elements} elements of storage ${quote(key)}, got ${describeValue(view)}`,
    );
  return { root, storage: new StorageReference(key, dtype, begin, count) };
}

function rebuildTensor([storage, offset, size, stride]: readonly PickleValue[]): TensorReference | Unknown {
  if (storage instanceof Unknown && storage.kind === 'tensor') return storage;
  if (!(storage instanceof StorageReference))
    throw torchError(`expected a tensor's storage, got ${describeValue(storage)}`);
  const shape = sizesOf(size, 'sizes');
  const strides = sizesOf(stride, 'strides');
  if (!isSize(offset))
    throw torchError(`expected a tensor's offset to be an integer >= 0, got ${describeValue(offset)}`);
  if (shape.length !== strides.length || shape.length > maximumRank)
    throw torchError(
      `expected a stride for each of at most ${maximumRank} axes, got ${strides.length} for ${shape.length}`,
    );
  const empty = shape.includes(0);
  // the last element's position; not exact above 2⁵³, which is past any storage's end
  let last = offset;
  for (const [axis, extent] of shape.entries()) last += (extent - 1) * (strides[axis] as number);
  if (empty ? offset > storage.elements : !(last < storage.elements))
    throw torchError(
      `expected a tensor within its storage of ${storage.elements} elements, got sizes [${shape.slice(0, 8).join(', ')}], ` +
        `strides [${strides.slice(0, 8).join(', ')}], offset ${offset}`,
    );
  return new TensorReference(storage, offset, shape, strides);
}

function sizesOf(value: PickleValue | undefined, what: string): number[] {
  const items = value instanceof Tuple ? value.items : undefined;
  if (!items?.every(isSize))
    throw torchError(`expected a tensor's ${what} to be integers >= 0, got ${describeValue(value)}`);
  return [...(items as readonly number[])];
}

function isSize(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Of a list of pairs, as Python 2 writes an OrderedDict; of nothing, an empty one. */
function dictOf(pairs: PickleValue | undefined): Map<PickleValue, PickleValue> {
  const dict = new Map<PickleValue, PickleValue>();
  if (pairs === undefined) return dict;
  for (const pair of Array.isArray(pairs) ? pairs : [refuse(pairs)]) {
    const items: readonly PickleValue[] = pair instanceof Tuple ? pair.items : Array.isArray(pair) ? pair : [];
    if (items.length !== 2) refuse(pair);
    dict.set(items[0] as PickleValue, items[1] as PickleValue);
  }
  return dict;
}

function setOf(items: PickleValue | undefined): Set<PickleValue> {
  if (items instanceof Tuple) return new Set(items.items);
  return new Set(Array.isArray(items) ? items : [refuse(items)]);
}
