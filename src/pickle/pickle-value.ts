/** What a pickle may hold once it is read: plain data, and references to what stands elsewhere. Nothing here has behaviour. */

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Tuple
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | GlobalName
  | Reference
  | Opaque
  | Unknown;

export class Tuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A name such as `collections.OrderedDict`; reading the pickle decides what is built for it. */
export class GlobalName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A value that weights do not need, such as a dtype or a device; only what it is remains. */
export class Opaque {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

/**
 * A class or a function that is not on the list, or what it would have made of its arguments. Nothing is called and nothing that is put
 * into it is kept, so what lies inside can never be taken for weights.
 */
export class Unknown {
  /** In Python, with its module. */
  readonly name: string;
  /** `tensor` where it was to be made of a storage or another tensor. */
  readonly kind: 'name' | 'object' | 'tensor';
  /** Whether it was given what only a module of PyTorch has. */
  isModule = false;
  constructor(name: string, kind: Unknown['kind']) {
    this.name = name;
    this.kind = kind;
  }
}

/** Something outside of the pickle, or built of what it holds, that whoever reads it knows: a storage, an array. */
export abstract class Reference {
  /** In a few words, for messages. */
  abstract readonly what: string;
}

/** A value in a few words, for messages and lists: `3`, `a dict of 2`. */
export function describeValue(value: PickleValue | undefined): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return value.toString().length > 40 ? 'a very large integer' : value.toString();
  if (typeof value === 'number') return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Tuple) return `a tuple of ${value.items.length}`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  if (value instanceof Set) return `a set of ${value.size}`;
  if (value instanceof GlobalName) return quote(value.name);
  if (value instanceof Unknown) return describeUnknown(value);
  return value.what;
}

function describeUnknown({ name, kind, isModule }: Unknown): string {
  if (kind === 'name') return quote(name);
  if (isModule) return `a module of PyTorch, ${quote(name)}`;
  return kind === 'tensor' ? `a tensor made by ${quote(name)}` : `an object of ${quote(name)}`;
}

/** Text of a file in one printable line: it may be megabytes long or full of escapes. */
export const quote = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
