/** Arrays of bytes in a pickle of NumPy, whichever version of Python and of NumPy wrote it. Everything else that is no plain data stays opaque. */
import {
  GlobalName,
  PickleError,
  type PickleMeaning,
  type PickleValue,
  Reference,
  Tuple,
  Unknown,
} from '../pickle/index.ts';

/** An array as the pickle has it. */
export class NumpyArray extends Reference {
  /** NumPy's name of the type, such as `u1`. */
  dtype = '';
  shape: readonly number[] = [];
  bytes: Uint8Array = new Uint8Array();

  get what(): string {
    return `an array of ${this.dtype} [${this.shape.join(', ')}]`;
  }
}

class NumpyDtype extends Reference {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }

  get what(): string {
    return `the dtype ${this.name}`;
  }
}

type Build = (argument: readonly PickleValue[]) => PickleValue;

const builders: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['numpy.dtype', ([name]) => new NumpyDtype(typeof name === 'string' ? name : '')],
  // how protocol 2 writes bytes of Python 3
  ['_codecs.encode', ([text]) => (typeof text === 'string' ? Uint8Array.from(Buffer.from(text, 'latin1')) : null)],
  // NumPy 2 moved its modules
  ...['numpy.core', 'numpy._core'].flatMap((module): [string, Build][] => [
    [`${module}.multiarray._reconstruct`, () => new NumpyArray()],
    // protocol 5
    [
      `${module}.numeric._frombuffer`,
      ([bytes, dtype, shape, order]) => filled(new NumpyArray(), shape, dtype, order === 'F', bytes),
    ],
  ]),
]);

/** What names mean in a pickle of data. */
export const numpyArrays: PickleMeaning = {
  global: (name) => (builders.has(name) ? new GlobalName(name) : new Unknown(name.slice(0, 250), 'name')),
  call: (name, argument) => (builders.get(name) as Build)(argument),
  absorb: (name) => new Unknown(name, 'object'),
  persistent: () => {
    throw new PickleError('pickle: expected plain data, got what stands in another file', 'object');
  },
  fill: (reference, attributes) => {
    if (reference instanceof NumpyDtype) return true;
    if (!(reference instanceof NumpyArray && attributes instanceof Tuple)) return false;
    const [, shape, dtype, isFortran, bytes] = attributes.items;
    filled(reference, shape, dtype, isFortran === true || isFortran === 1, bytes);
    return true;
  },
};

function filled(
  array: NumpyArray,
  shape: PickleValue | undefined,
  dtype: PickleValue | undefined,
  isFortran: boolean,
  bytes: PickleValue | undefined,
): NumpyArray {
  const sizes = shape instanceof Tuple ? shape.items : [];
  if (
    !(dtype instanceof NumpyDtype && bytes instanceof Uint8Array) ||
    !sizes.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
  )
    throw new PickleError('pickle: expected an array with its shape, dtype and bytes, got something else');
  if (isFortran) throw new PickleError('pickle: expected an array row by row (order C), got one column by column');
  array.dtype = dtype.name;
  array.shape = sizes as readonly number[];
  array.bytes = bytes;
  return array;
}
