/** What an engine is: it compiles programs that share one state, and runs them. */
import type { Program } from '../ir/index.ts';
import type { Tensor } from '../tensor/index.ts';
import type { RunOutputs } from './run-outputs.ts';

/** Tensors by the names of inputs, outputs or state entries. */
export type Tensors = ReadonlyMap<string, Tensor>;

/** In what convolutions and the maps between them are computed. Weights, statistics and loss are always float32. */
export type Precision = 'float32' | 'bf16';

/** All of them. */
export const precisions: readonly Precision[] = ['float32', 'bf16'];

/** Options of `Engine.compile`. */
export interface CompileOptions {
  /** Threads of one run; default: the machine's cores. */
  readonly threads?: number;
  /** Default 'float32'. */
  readonly precision?: Precision;
}

/** What a compiled program needs beyond the program's own plan. */
export interface EnginePlan {
  readonly engine: string;
  readonly threads: number;
  readonly precision: Precision | 'float64';
  /** The most memory that the engine's process has held so far, in bytes. */
  readonly peakBytes: number;
}

/** What all instructions of one kind take in one run of a program. */
export interface InstructionTime {
  /** What the engine calls them, such as `convolution forwardTraining`. */
  readonly name: string;
  readonly milliseconds: number;
  /** How many there are in a run. */
  readonly calls: number;
}

/**
 * Programs that are ready to run, and the state that they share. Calls are answered in their order; the tensors that a call is given must not
 * change before it is settled.
 */
export interface Executable {
  /** Replaces the state. Every entry of every program must be there in its shape. @throws EngineError */
  load(state: Tensors): Promise<void>;
  /** Runs an entry point once: reads inputs, returns outputs and the guard's answer, and keeps updates where it is true. @throws EngineError */
  run(entry: string, inputs: Tensors): Promise<RunOutputs>;
  /** Copies of state entries; all of them if no names are given. */
  read(names?: readonly string[]): Promise<Map<string, Tensor>>;
  plan(): Promise<EnginePlan>;
  /**
   * With all ranks, of an engine that is one of them: state entries become the sums or the means of what the ranks have, and the numbers that are given
   * come back added up. The same bytes on each. @throws EngineError also where another rank does not come
   */
  reduce?(entries: ReducedEntries, numbers: Float64Array): Promise<Float64Array>;
  /**
   * Runs an entry point several times and times every instruction; each counts with the median of the runs. The slowest kind comes first,
   * and the state changes as in runs. Engines that do not see their instructions do not have this. @throws EngineError
   */
  profile?(entry: string, inputs: Tensors): Promise<readonly InstructionTime[]>;
  /** Frees everything; the executable cannot be used afterwards. */
  dispose(): Promise<void>;
}

/** Names of state entries that are combined over ranks. */
export interface ReducedEntries {
  readonly sums: readonly string[];
  readonly means: readonly string[];
}

/** All processes of a job that train together, as one of them sees them. Every rank must make the same calls in the same order. */
export interface Ranks {
  /** This one's number, from 0. */
  readonly rank: number;
  readonly size: number;
  /** What they speak through, such as `Open MPI 4.1.4`. */
  readonly library: string;
  /** The machine that this one is on. */
  readonly host: string;
  /** What all ranks gave, added up; how many numbers there are must be the same on each. @throws EngineError where another rank does not come */
  sum(numbers: Float64Array): Promise<Float64Array>;
  /** What rank 0 gave. @throws EngineError */
  broadcast(bytes: Uint8Array): Promise<Uint8Array>;
  /** In the next call of all ranks, others may be late by so many seconds, as long as they live: they do what takes long. */
  allow(seconds: number): Promise<void>;
  /** The last call in common, once: whoever ends without it takes the job with him. @throws EngineError */
  leave(): Promise<void>;
  /** Ends the process that is the rank. */
  dispose(): Promise<void>;
}

/** What an engine knows of itself on this machine. */
export interface EngineFacts {
  /** Of the library that it runs on. */
  readonly version?: string;
  /** Channels in a block of the processor's blocked layout, where the engine uses one; 0 where it found none. */
  readonly blockSize?: number;
  /** The library's file, where it is one of the system. */
  readonly path?: string;
  /** Whether it is fast in bfloat16 on this processor, where the library knows it at all. */
  readonly bfloat16?: boolean;
  /** Why it is not used for that, where the processor has it. */
  readonly bfloat16Problem?: string;
}

/** A way to run programs on this machine. */
export interface Engine {
  readonly name: string;
  /** Asked after a program has run. */
  facts?(): Promise<EngineFacts>;
  /**
   * Operations (a multiply-add is two) per second of a large matrix product: about the most that a network can get out of this machine.
   * @throws EngineError where the engine cannot run here, or not in this precision
   */
  matrixPeak?(options?: CompileOptions): Promise<number>;
  /** Compiles entry points over one state store. @throws EngineError where the engine cannot run a program */
  compile(programs: Readonly<Record<string, Program>>, options?: CompileOptions): Promise<Executable>;
  /** The same engine with processes that programs hand on: `keptProcess`. Absent where programs have none. */
  keeping?(): KeptEngine;
  /** The same engine as a rank of a job, whose programs can reduce. @throws EngineError where it cannot be had */
  inRanks?(ranks: Ranks, options?: CompileOptions): Promise<Engine>;
}

/** An engine whose programs, once they are disposed of, leave their process to the next one. */
export interface KeptEngine extends Engine {
  /** Ends the processes that wait; a program that is still in use ends its own when it is disposed of. */
  dispose(): Promise<void>;
}

/**
 * The engine for many programs, one after the other: with the same name and the same results, but without a start for each. Where a program
 * is in use, the next one gets another process. What a process held at most (`EnginePlan.peakBytes`) counts the programs that it had before.
 */
export const keptProcess = (engine: Engine): KeptEngine => engine.keeping?.() ?? { ...engine, dispose: async () => {} };
