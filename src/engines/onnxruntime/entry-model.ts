/** What the engine's process gets to run. */
import { type Program, type Segment, segments, type TensorType, type Value } from '../../ir/index.ts';
import { type Lowering, lowerProgram } from './lower-program.ts';

/** A compiled entry point. A session cannot stop for other ranks, so a program that reduces is several, run one after the other. */
export interface EntryModel {
  readonly segments: readonly SegmentModel[];
}

/** An ONNX model and how its inputs and outputs map to names. */
export interface SegmentModel extends Omit<Segment, 'program' | 'leaves'> {
  /** What it leaves to later ones. */
  readonly leaves: ReadonlyMap<string, TensorType>;
  readonly bytes: Uint8Array;
  readonly inputs: readonly string[];
  readonly state: readonly string[];
  readonly outputs: readonly string[];
  /** Whether the library's own optimiser works on it: worth its time where weights are constant. */
  readonly optimise: boolean;
}

/** `program` as the engine's process runs it. */
export function entryModel(program: Program, lowering: Lowering): EntryModel {
  const optimise = program.frozen === true && lowering !== 'portable';
  return {
    segments: segments(program).map(({ program: piece, leaves: names, ...rest }) => {
      const { bytes, inputs, state, outputs } = lowerProgram(piece, lowering);
      const leaves = new Map(names.map((name) => [name, (piece.outputs.get(name) as Value).type]));
      return { bytes, inputs: [...inputs.keys()], state: [...state.keys()], outputs, optimise, leaves, ...rest };
    }),
  };
}
