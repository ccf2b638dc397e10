/** What an engine's process and its owner say to each other. `Entry` is a compiled entry point, or what the process compiles it from. */
import type { Tensor } from '../../tensor/index.ts';
import type { CompileOptions, InstructionTime } from '../engine.ts';

export type Request<Entry> =
  | ({ readonly kind: 'compile'; readonly entries: Readonly<Record<string, Entry>> } & Required<CompileOptions>)
  /** Some of the state's entries. */
  | { readonly kind: 'load'; readonly state: ReadonlyMap<string, Tensor> }
  | { readonly kind: 'run'; readonly entry: string; readonly inputs: ReadonlyMap<string, Tensor> }
  | { readonly kind: 'profile'; readonly entry: string; readonly inputs: ReadonlyMap<string, Tensor> }
  | { readonly kind: 'read'; readonly names: readonly string[] }
  | { readonly kind: 'peak' }
  /** Forgets all programs and the state. */
  | { readonly kind: 'clear' }
  | ({ readonly kind: 'matrixPeak' } & Required<CompileOptions>);

export interface Reply {
  readonly error?: string;
  /** What to do about the error. */
  readonly hint?: string;
  readonly tensors?: ReadonlyMap<string, Tensor>;
  /** Of a run: whether it changed the state. */
  readonly kept?: boolean;
  readonly peakBytes?: number;
  readonly instructions?: readonly InstructionTime[];
  readonly operationsPerSecond?: number;
}
