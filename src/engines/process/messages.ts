/** What an engine's process and its owner say to each other. `Entry` is a compiled entry point, or what the process compiles it from. */
import type { Tensor } from '../../tensor/index.ts';
import type { CompileOptions, InstructionTime, Ranks, ReducedEntries } from '../engine.ts';

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
  | RankRequest
  | ({ readonly kind: 'matrixPeak' } & Required<CompileOptions>);

export type RankRequest =
  /** The process becomes a rank of its job. */
  | { readonly kind: 'join' }
  /** From now on it does what the `host` of this module does. */
  | { readonly kind: 'become'; readonly module: string; readonly environment: Readonly<Record<string, string>> }
  | ({ readonly kind: 'reduce'; readonly numbers: Float64Array } & ReducedEntries)
  | { readonly kind: 'broadcast'; readonly bytes: Uint8Array }
  /** Others may be late by so much in what comes next. */
  | { readonly kind: 'allow'; readonly seconds: number }
  /** It is none any more. */
  | { readonly kind: 'leave' };

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
  readonly place?: RankPlace;
  readonly numbers?: Float64Array;
  readonly bytes?: Uint8Array;
}

/** Which rank of how many a process is. */
export type RankPlace = Pick<Ranks, 'rank' | 'size' | 'library' | 'host'>;
