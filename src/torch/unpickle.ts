/**
 * Python's pickle machine (protocols 0 to 5), cut down to data. A pickle is a program for a stack; what makes it dangerous is that
 * it may call whatever it names. Here names mean nothing by themselves: `meaning` says what each stands for, and the rest stays opaque.
 */
import { CheckpointError } from '../tensor/index.ts';
import { ByteReader } from './byte-reader.ts';
import { findStateDict } from './find-state-dict.ts';
import { instructions, type PickleMachine, type PickleMeaning } from './pickle-instructions.ts';
import { literals } from './pickle-literals.ts';
import { PickleStack } from './pickle-stack.ts';
import { type PickleValue, quote } from './pickle-value.ts';
import { saveWeightsOnly, saveWeightsUnder, torchError } from './torch-error.ts';

/** Enough for the states of 25,000 tensors. A `}` takes one byte in the file and 200 in memory, so there must be an end. */
const maximumInstructions = 1_000_000;

/**
 * Reads one pickle, from byte `start`.
 * @returns the value, and the position after it
 * @throws CheckpointError where the bytes are no pickle, or one that takes too much
 */
export function unpickle(bytes: Uint8Array, meaning: PickleMeaning, start = 0): { value: PickleValue; end: number } {
  const reader = new ByteReader(bytes, start);
  const machine = { reader, stack: new PickleStack(), memo: new Map<number, PickleValue>(), meaning };
  try {
    return run(machine);
  } catch (error) {
    const key =
      error instanceof CheckpointError && error.hint === saveWeightsOnly ? weightsKey(machine.stack) : undefined;
    throw error instanceof CheckpointError && key !== undefined
      ? new CheckpointError(error.message, saveWeightsUnder(key))
      : error;
  }
}

function run(machine: PickleMachine): { value: PickleValue; end: number } {
  const { reader, stack } = machine;
  for (let count = 0; count < maximumInstructions; count++) {
    const instruction = String.fromCharCode(reader.uint8());
    if (instruction === '.') return { value: stack.result(), end: reader.position };
    const literal = literals.get(instruction);
    const work = instructions.get(instruction);
    if (literal) stack.push(literal(reader));
    else if (work) work(machine);
    else throw torchError(`pickle: expected an instruction at byte ${reader.position - 1}, got ${quote(instruction)}`);
  }
  throw torchError(`pickle: expected at most ${maximumInstructions} instructions, got more`, saveWeightsOnly);
}

/** The key of the saved dict that holds the weights, where they were read before the reading ended. */
function weightsKey(stack: PickleStack): string | undefined {
  const dict = stack.unfinishedDict();
  if (!dict) return undefined;
  try {
    const { path } = findStateDict(dict);
    // a plain key of the dict itself, which Python takes as it is
    return dict.has(path) && /^[\w.-]+$/.test(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
