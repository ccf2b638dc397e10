import { PickleError } from './pickle-error.ts';
import { describeValue, type PickleValue, Tuple, Unknown } from './pickle-value.ts';

const maximumDepth = 200_000;

/** The stack of a pickle, with marks that `popToMark` goes back to; nothing is taken from below a mark. */
export class PickleStack {
  private readonly values: PickleValue[] = [];
  private readonly marks: number[] = [];

  push(value: PickleValue): void {
    if (this.values.length + this.marks.length >= maximumDepth) throw depthError();
    this.values.push(value);
  }

  mark(): void {
    if (this.values.length + this.marks.length >= maximumDepth) throw depthError();
    this.marks.push(this.values.length);
  }

  top(): PickleValue {
    this.require(1);
    return this.values.at(-1) as PickleValue;
  }

  pop(): PickleValue {
    const value = this.top();
    this.values.pop();
    return value;
  }

  /** A mark counts as a value here, as in Python. */
  popValueOrMark(): void {
    if (this.values.length === this.marks.at(-1)) this.marks.pop();
    else this.pop();
  }

  popToMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw new PickleError('pickle: expected a mark on the stack, got none');
    return this.values.splice(mark);
  }

  popMany(count: number): PickleValue[] {
    this.require(count);
    return this.values.splice(this.values.length - count);
  }

  popArguments(): readonly PickleValue[] {
    const value = this.pop();
    if (!(value instanceof Tuple)) throw unexpected('a tuple of arguments', value);
    return value.items;
  }

  popText(): string {
    const value = this.pop();
    if (typeof value !== 'string') throw unexpected('a name', value);
    return value;
  }

  /** The only value, at a pickle's end. */
  result(): PickleValue {
    if (this.marks.length > 0 || this.values.length !== 1)
      throw new PickleError(
        `pickle: expected one value at the end, got ${this.values.length} and ${this.marks.length} marks`,
      );
    return this.pop();
  }

  /** The outermost dict as far as it was read, with the entries that wait to be put into it; undefined where there is none. */
  unfinishedDict(): Map<PickleValue, PickleValue> | undefined {
    const [root] = this.values;
    if (!(root instanceof Map)) return undefined;
    const dict = new Map(root);
    const [start, end = this.values.length] = this.marks;
    if (start === 1)
      for (let i = start; i + 1 < end; i += 2)
        dict.set(this.values[i] as PickleValue, this.values[i + 1] as PickleValue);
    return dict;
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (list instanceof Unknown) return;
    if (!Array.isArray(list)) throw unexpected('a list to append to', list);
    for (const item of items) list.push(item);
  }

  /** Keys and values in turns. */
  setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof Map || dict instanceof Unknown)) throw unexpected('a dict to fill', dict);
    if (items.length % 2 === 1) throw new PickleError('pickle: expected a value for every key, got one less');
    if (dict instanceof Unknown) return;
    for (let i = 0; i < items.length; i += 2) dict.set(items[i] as PickleValue, items[i + 1] as PickleValue);
  }

  addItems(items: readonly PickleValue[]): void {
    const set = this.top();
    if (set instanceof Unknown) return;
    if (!(set instanceof Set)) throw unexpected('a set to fill', set);
    for (const item of items) set.add(item);
  }

  private require(count: number): void {
    const available = this.values.length - (this.marks.at(-1) ?? 0);
    if (available < count) throw new PickleError(`pickle: expected ${count} values on the stack, got ${available}`);
  }
}

const depthError = () => new PickleError(`pickle: expected a stack of at most ${maximumDepth} values, got more`);

const unexpected = (expected: string, value: PickleValue) =>
  new PickleError(`pickle: expected ${expected}, got ${describeValue(value)}`);
