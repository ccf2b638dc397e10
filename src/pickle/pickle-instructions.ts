/** The instructions of a pickle that work on its stack; comments name the unprintable ones. */

import type { ByteReader } from './byte-reader.ts';
import { PickleError } from './pickle-error.ts';
import type { PickleStack } from './pickle-stack.ts';
import { describeValue, GlobalName, Opaque, type PickleValue, Reference, Tuple, Unknown } from './pickle-value.ts';

/** What stands behind the names and ids in a pickle. */
export interface PickleMeaning {
  /** A name that is not on the list is an `Unknown`. */
  global(name: string): PickleValue;
  /** What a known name makes of arguments. */
  call(name: string, argument: readonly PickleValue[]): PickleValue;
  /** What stands in place of what an unknown name would make of arguments. */
  absorb(name: string, argument: readonly PickleValue[]): PickleValue;
  /** Takes the attributes of a reference that it built; false: it is to have none. */
  fill?(reference: Reference, attributes: PickleValue): boolean;
  /** What stands outside of the pickle: a storage. */
  persistent(id: PickleValue): PickleValue;
}

export interface PickleMachine {
  readonly reader: ByteReader;
  readonly stack: PickleStack;
  readonly memo: Map<number, PickleValue>;
  readonly meaning: PickleMeaning;
}

export const instructions: ReadonlyMap<string, (machine: PickleMachine) => void> = new Map([
  ['\x80', protocol],
  ['\x95', ({ reader }) => reader.skip(8)], // FRAME

  ['(', ({ stack }) => stack.mark()],
  ['0', ({ stack }) => stack.popValueOrMark()],
  ['1', ({ stack }) => stack.popToMark()],
  ['2', ({ stack }) => stack.push(stack.top())],

  ['p', ({ memo, reader, stack }) => memo.set(Number(reader.decimal()), stack.top())],
  ['q', ({ memo, reader, stack }) => memo.set(reader.uint8(), stack.top())],
  ['r', ({ memo, reader, stack }) => memo.set(reader.uint32(), stack.top())],
  ['\x94', ({ memo, stack }) => memo.set(memo.size, stack.top())], // MEMOIZE
  ['g', ({ memo, reader, stack }) => stack.push(recall(memo, Number(reader.decimal())))],
  ['h', ({ memo, reader, stack }) => stack.push(recall(memo, reader.uint8()))],
  ['j', ({ memo, reader, stack }) => stack.push(recall(memo, reader.uint32()))],

  ['l', ({ stack }) => stack.push(stack.popToMark())],
  ['a', ({ stack }) => stack.append(stack.popMany(1))],
  ['e', ({ stack }) => stack.append(stack.popToMark())],
  ['t', ({ stack }) => stack.push(new Tuple(stack.popToMark()))],
  ['\x85', ({ stack }) => stack.push(new Tuple(stack.popMany(1)))], // TUPLE1
  ['\x86', ({ stack }) => stack.push(new Tuple(stack.popMany(2)))], // TUPLE2
  ['\x87', ({ stack }) => stack.push(new Tuple(stack.popMany(3)))], // TUPLE3
  ['d', dict],
  ['s', ({ stack }) => stack.setItems(stack.popMany(2))],
  ['u', ({ stack }) => stack.setItems(stack.popToMark())],
  ['\x90', ({ stack }) => stack.addItems(stack.popToMark())], // ADDITEMS
  ['\x91', ({ stack }) => stack.push(new Set(stack.popToMark()))], // FROZENSET

  ['c', ({ reader, stack, meaning }) => stack.push(meaning.global(`${reader.line()}.${reader.line()}`))],
  ['\x93', stackGlobal],
  ['R', reduce],
  ['b', build],
  ['Q', ({ stack, meaning }) => stack.push(meaning.persistent(stack.pop()))],
  ['i', instance],
  ['o', object],
  ['\x81', newObject],
  ['\x92', newObjectWithKeywords],
]);

function protocol({ reader }: PickleMachine): void {
  const found = reader.uint8();
  if (found > 5) throw new PickleError(`pickle: expected a protocol up to 5, got ${found}`, 'object');
}

function recall(memo: ReadonlyMap<number, PickleValue>, index: number): PickleValue {
  const value = memo.get(index);
  if (value === undefined) throw new PickleError(`pickle: expected value ${index} to be remembered, got none`);
  return value;
}

function dict({ stack }: PickleMachine): void {
  const items = stack.popToMark();
  stack.push(new Map());
  stack.setItems(items);
}

function stackGlobal({ stack, meaning }: PickleMachine): void {
  const name = stack.popText();
  stack.push(meaning.global(`${stack.popText()}.${name}`));
}

function reduce({ stack, meaning }: PickleMachine): void {
  const argument = stack.popArguments();
  const callee = stack.pop();
  if (callee instanceof Unknown) stack.push(meaning.absorb(callee.name, argument));
  else if (callee instanceof GlobalName) stack.push(meaning.call(callee.name, argument));
  else throw new PickleError(`pickle: expected a name to call, got ${describeValue(callee)}`);
}

function instance({ reader, stack, meaning }: PickleMachine): void {
  const name = meaning.global(`${reader.line()}.${reader.line()}`);
  stack.push(newOf('INST', name, stack.popToMark(), meaning));
}

function object({ stack, meaning }: PickleMachine): void {
  const [name, ...argument] = stack.popToMark();
  stack.push(newOf('OBJ', name, argument, meaning));
}

function newObject({ stack, meaning }: PickleMachine): void {
  const argument = stack.popArguments();
  stack.push(newOf('NEWOBJ', stack.pop(), argument, meaning));
}

function newObjectWithKeywords(machine: PickleMachine): void {
  const keywords = machine.stack.pop();
  if (!(keywords instanceof Map))
    throw new PickleError(`pickle: expected keywords of an object, got ${describeValue(keywords)}`);
  newObject(machine);
}

/** No honest pickle makes what is on the list in this way. */
function newOf(
  instruction: string,
  name: PickleValue | undefined,
  argument: readonly PickleValue[],
  meaning: PickleMeaning,
): PickleValue {
  if (name instanceof Unknown) return meaning.absorb(name.name, argument);
  throw new PickleError(
    `pickle: expected only tensors and plain values, got an object (${instruction} ${describeValue(name)})`,
    'object',
  );
}

/** Attributes of an object. PyTorch's dicts carry `_metadata`, and NumPy's dtypes their byte order; weights need neither. */
function build({ stack, meaning }: PickleMachine): void {
  const attributes = stack.pop();
  const target = stack.top();
  if (target instanceof Unknown) {
    if (attributes instanceof Map && attributes.has('_modules') && attributes.has('_parameters'))
      target.isModule = true;
    return;
  }
  if (target instanceof Reference && meaning.fill?.(target, attributes)) return;
  if (!(target instanceof Opaque) && !(target instanceof Map && attributes instanceof Map))
    throw new PickleError(
      `pickle: expected attributes of a dict, got ${describeValue(attributes)} for ${describeValue(target)}`,
      'object',
    );
}
