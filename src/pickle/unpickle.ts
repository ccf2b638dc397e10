/**
 * Python's pickle machine (protocols 0 to 5), cut down to data. A pickle is a program for a stack; what makes it dangerous is that
 * it may call whatever it names. Here names mean nothing by themselves: `meaning` says what each stands for, and the rest stays opaque.
 */

import { ByteReader } from './byte-reader.ts';
import { PickleError } from './pickle-error.ts';
import { instructions, type PickleMachine, type PickleMeaning } from './pickle-instructions.ts';
import { literals } from './pickle-literals.ts';
import { PickleStack } from './pickle-stack.ts';
import { type PickleValue, quote } from './pickle-value.ts';

/** Enough for the states of 25,000 tensors. A `}` takes one byte in the file and 200 in memory, so there must be an end. */
const maximumInstructions = 1_000_000;

/** Options of `unpickle`. */
export interface UnpickleOptions {
  /** The byte at which the pickle begins, default 0. */
  readonly start?: number;
  /** No text may be longer, in bytes; default 16 MiB, which no honest name or note is. */
  readonly mostTextBytes?: number;
  /** What a text of more than 255 bytes is that Python 2 wrote, where bytes and texts are one; default 'text'. */
  readonly longStrings?: 'text' | 'bytes';
}

/**
 * Reads one pickle.
 * @returns the value, and the position after it
 * @throws PickleError where the bytes are no pickle, or one that takes too much
 */
export function unpickle(
  bytes: Uint8Array,
  meaning: PickleMeaning,
  { start = 0, mostTextBytes, longStrings = 'text' }: UnpickleOptions = {},
): { value: PickleValue; end: number } {
  const reader = new ByteReader(bytes, start, mostTextBytes);
  const machine = { reader, stack: new PickleStack(), memo: new Map<number, PickleValue>(), meaning };
  try {
    return run(machine, longStrings);
  } catch (error) {
    if (error instanceof PickleError && error.kind === 'object') error.unfinished = machine.stack.unfinishedDict();
    throw error;
  }
}

function run(machine: PickleMachine, longStrings: 'text' | 'bytes'): { value: PickleValue; end: number } {
  const { reader, stack } = machine;
  for (let count = 0; count < maximumInstructions; count++) {
    const instruction = String.fromCharCode(reader.uint8());
    if (instruction === '.') return { value: stack.result(), end: reader.position };
    const literal = literals.get(instruction);
    const work = instructions.get(instruction);
    if (literal) stack.push(literal(reader, longStrings));
    else if (work) work(machine);
    else
      throw new PickleError(
        `pickle: expected an instruction at byte ${reader.position - 1}, got ${quote(instruction)}`,
      );
  }
  throw new PickleError(`pickle: expected at most ${maximumInstructions} instructions, got more`, 'object');
}
