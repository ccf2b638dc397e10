import type { PickleValue } from './pickle-value.ts';

/** What is wrong with a pickle. Whoever reads a file says it in words of its own. */
export class PickleError extends Error {
  /** `object`: it holds more than data, or more than is read. */
  readonly kind: 'damaged' | 'object';
  /** The outermost dict, as far as it was read. */
  unfinished: ReadonlyMap<PickleValue, PickleValue> | undefined;

  constructor(message: string, kind: PickleError['kind'] = 'damaged') {
    super(message);
    this.kind = kind;
  }
}
