/** What the engine's process gets to run. */
import type { Program } from '../../ir/index.ts';
import { type Lowering, lowerProgram } from './lower-program.ts';

/** A compiled entry point: an ONNX model and how its inputs and outputs map to names. */
export interface EntryModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly string[];
  readonly state: readonly string[];
  readonly outputs: readonly string[];
  /** Whether the library's own optimiser works on it: worth its time where weights are constant. */
  readonly optimise: boolean;
}

/** `program` as the engine's process runs it. */
export function entryModel(program: Program, lowering: Lowering): EntryModel {
  const { bytes, inputs, state, outputs } = lowerProgram(program, lowering);
  const optimise = program.frozen === true && lowering !== 'portable';
  return { bytes, inputs: [...inputs.keys()], state: [...state.keys()], outputs, optimise };
}
