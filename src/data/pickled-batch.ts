/** One file of CIFAR's version for Python: a dict of an array of pixels, lists of labels, and names. */
import { describeValue, PickleError, type PickleValue, unpickle } from '../pickle/index.ts';
import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import { NumpyArray, numpyArrays } from './numpy-arrays.ts';

const getAgain = 'unpack the archive again; it is that of https://www.cs.toronto.edu/~kriz/cifar.html';

/** More than the bytes of 50,000 images, written as text. */
const mostTextBytes = 2 ** 28;

/** The dict in a file, by its keys, as Python 2 or 3 wrote it. @throws DataError where it is none */
export async function readPickledDict(path: string): Promise<ReadonlyMap<string, PickleValue>> {
  const file = await readBytes(path);
  // a plain view, because slices of a Node `Buffer` are not copies where copies are needed
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  let value: PickleValue;
  try {
    ({ value } = unpickle(bytes, numpyArrays, { mostTextBytes, longStrings: 'bytes' }));
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw new DataError(
      `${path}: expected a file of CIFAR's version for Python, but it cannot be read: ${error.message}`,
      getAgain,
    );
  }
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [textOf(key) ?? describeValue(key), item]));
  throw new DataError(
    `${path}: expected a dict, as CIFAR's version for Python has, but got ${describeValue(value)}`,
    getAgain,
  );
}

/** Rows of `rowBytes` bytes. @throws DataError where the dict has no such array */
export function pixelsIn(path: string, dict: ReadonlyMap<string, PickleValue>, rowBytes: number): Uint8Array {
  const data = dict.get('data');
  const [count = 0, width, ...more] = data instanceof NumpyArray ? data.shape : [];
  if (
    !(data instanceof NumpyArray) ||
    !/^[|<=]?(u1|uint8)$/.test(data.dtype) ||
    width !== rowBytes ||
    more.length > 0 ||
    count === 0 ||
    data.bytes.length !== count * rowBytes
  )
    throw new DataError(
      `${path}: expected an array of u1 [images, ${rowBytes}] as \`data\`, but got ${described(data)}`,
      getAgain,
    );
  return data.bytes;
}

const described = (value: PickleValue | undefined) =>
  value instanceof NumpyArray
    ? `${describeValue(value)} in ${value.bytes.length} bytes`
    : value === undefined
      ? 'none'
      : describeValue(value);

/** `count` labels below `limit`. @throws DataError */
export function labelsIn(
  path: string,
  dict: ReadonlyMap<string, PickleValue>,
  key: string,
  count: number,
  limit: number,
): Uint8Array {
  const list = dict.get(key);
  if (!Array.isArray(list) || list.length !== count)
    throw new DataError(
      `${path}: expected a list of ${count} labels as \`${key}\`, one for each image, but got ${list === undefined ? 'none' : describeValue(list)}`,
      getAgain,
    );
  const wrong = list.findIndex(
    (label) => !(Number.isInteger(label) && (label as number) >= 0 && (label as number) < Math.min(limit, 256)),
  );
  if (wrong >= 0)
    throw new DataError(
      `${path}: expected labels from 0 to ${limit - 1} as \`${key}\`, but that of image ${wrong} is ${describeValue(list[wrong])}`,
      getAgain,
    );
  return Uint8Array.from(list as number[]);
}

/** Undefined where the dict has no such list of texts. */
export function namesIn(dict: ReadonlyMap<string, PickleValue>, key: string): readonly string[] | undefined {
  const list = dict.get(key);
  const names = Array.isArray(list) ? list.map(textOf) : [];
  return names.length > 0 && names.every((name) => name !== undefined) ? names : undefined;
}

/** What Python 2 wrote as a text is bytes where Python 3 wrote it again. */
const textOf = (value: PickleValue): string | undefined =>
  typeof value === 'string' ? value : value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
