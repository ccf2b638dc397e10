/** Messages from which large arrays have been taken: what stands in their place, and the walk that takes them out and puts them in again. */
import type { Tensor } from '../../tensor/index.ts';

/** The arrays that tensors hold. */
export type Numbers = Tensor['data'];

const arrays = { Float32Array, Float64Array, Int32Array, BigInt64Array, Uint8Array } as const;

/** An array whose elements stand in the file, from byte `at` on. */
export interface Parked {
  readonly parked: keyof typeof arrays;
  readonly at: number;
  readonly bytes: number;
}

/** A message of plain objects, lists and maps, as it is sent. */
export type Posted<T> = T extends Numbers
  ? T | Parked
  : T extends ReadonlyMap<infer Key, infer Value>
    ? ReadonlyMap<Key, Posted<Value>>
    : T extends object
      ? { readonly [Name in keyof T]: Posted<T[Name]> }
      : T;

/** Whether it is in the file. */
export const isParked = (value: unknown): value is Parked =>
  typeof value === 'object' && value !== null && typeof (value as Parked).parked === 'string';

/** An array's memory. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The array that `parked` stands for, over its bytes. */
export function arrayOver({ parked }: Parked, { buffer, byteOffset, byteLength }: Uint8Array): Numbers {
  const kind = arrays[parked];
  return new kind(buffer as ArrayBuffer, byteOffset, byteLength / kind.BYTES_PER_ELEMENT);
}

/** `value` with another array in the place of each, posted or not. `where` is an array's path, such as `inputs/image/data`. */
export function replaceArrays(
  value: unknown,
  replacement: (array: Numbers | Parked, where: string) => Numbers | Parked,
  where = '',
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isNumbers(value) || isParked(value)) return replacement(value, where);
  const inside = (key: unknown, part: unknown) =>
    replaceArrays(part, replacement, where === '' ? String(key) : `${where}/${key}`);
  if (Array.isArray(value)) return value.map((part, i) => inside(i, part));
  if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, inside(key, part)]));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inside(key, part)]));
}

const isNumbers = (value: object): value is Numbers =>
  ArrayBuffer.isView(value) && (value as Numbers)[Symbol.toStringTag] in arrays;
