/** What the engine's process and its owner say to each other. */
import type { Program } from '../../ir/index.ts';
import type { Tensor } from '../../tensor/index.ts';
import { type Lowering, lowerProgram } from './lower-program.ts';
import type { PostedTensors } from './outbox.ts';

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

export type Request =
  | { readonly kind: 'compile'; readonly entries: Readonly<Record<string, EntryModel>>; readonly threads: number }
  | { readonly kind: 'load'; readonly state: ReadonlyMap<string, Tensor> }
  | { readonly kind: 'run'; readonly entry: string; readonly inputs: ReadonlyMap<string, Tensor> }
  | { readonly kind: 'read'; readonly names: readonly string[] | undefined }
  | { readonly kind: 'peak' };

/** A request on its way: large tensors are parked, see outbox.ts. */
export type PostedRequest =
  | Exclude<Request, { kind: 'load' | 'run' }>
  | { readonly kind: 'load'; readonly state: PostedTensors }
  | { readonly kind: 'run'; readonly entry: string; readonly inputs: PostedTensors };

export interface Reply {
  readonly id: number;
  readonly error?: string;
  readonly tensors?: ReadonlyMap<string, Tensor>;
  readonly peakBytes?: number;
}
