/** What an engine sees of oneDNN: memories, calls and how to make them, whatever the library's version. */
import type { ArgumentName, Primitive, PrimitiveDescription } from './description.ts';
import type { DataType, Layout } from './layout.ts';

/**
 * Memory that native code reads and writes: aligned for huge pages, one block, zeros at first.
 * After `dispose` its views are empty, its memories and their calls are gone, and its pages belong to the system again.
 */
export interface Arena {
  readonly bytes: number;
  at(offset: number): Address;
  /** `length` numbers from byte `offset` on, which must be a multiple of their size; bfloat16 is seen through `uint16`. */
  float32(offset: number, length: number): Float32Array;
  float64(offset: number, length: number): Float64Array;
  int32(offset: number, length: number): Int32Array;
  uint16(offset: number, length: number): Uint16Array;
  uint8(offset: number, length: number): Uint8Array;
  dispose(): void;
}

/** A place in an arena. Multiples of 64 bytes are fastest. */
export interface Address {
  readonly arena: Arena;
  readonly offset: number;
}

/** A layout at an address. */
export interface Memory {
  readonly layout: Layout;
  /** Also ends the calls that use it. Twice is harmless. */
  destroy(): void;
}

/** A primitive with its memories. */
export interface Call {
  /**
   * Runs to the end, in one foreign call.
   * @throws EngineError where the library reports a failure or the call, its primitive or a memory was destroyed
   */
  run(): void;
  destroy(): void;
}

/** A matrix product `c = alpha · a · b + beta · c` of row-major float32 matrices [m, k], [k, n], [m, n]. */
export interface Sgemm {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** `a` is stored as [k, m]. */
  readonly transposeA?: boolean;
  /** `b` is stored as [n, k]. */
  readonly transposeB?: boolean;
  readonly alpha?: number;
  readonly beta?: number;
  readonly a: Address;
  readonly b: Address;
  readonly c: Address;
}

/** An opened oneDNN with one engine and one stream. Everything it makes is destroyed with it, in order. */
export interface Library {
  /** As the library gives it, such as `2.6.3`. */
  readonly version: string;
  /** The file. */
  readonly path: string;
  /** A letter order such as `abcd` or `acdb`, a blocked tag such as `aBcd16b`, `any`, or strides in elements. */
  layout(dims: readonly number[], dataType: DataType, format: string | { readonly strides: readonly number[] }): Layout;
  /**
   * Where a box of a tensor lies, from `offsets` on: between other numbers. Few primitives are fast on it; reorders are.
   * @throws EngineError where the box is not inside, or cuts blocks
   */
  part(whole: Layout, dims: readonly number[], offsets: readonly number[]): Layout;
  arena(bytes: number): Arena;
  /** @throws EngineError that names the primitive, its layouts and the library's reason */
  create(description: PrimitiveDescription): Primitive;
  /** @throws EngineError where the layout does not fit into the arena at this place */
  memory(layout: Layout, address: Address): Memory;
  /** @throws EngineError where an argument is missing, not wanted, or has another layout than the primitive */
  call(primitive: Primitive, memories: readonly (readonly [ArgumentName, Memory])[]): Call;
  sgemm(product: Sgemm): void;
  /**
   * How many threads primitives made and run from now on use, in this thread of JavaScript.
   * @returns whether the library's OpenMP was found; where it was not, set OMP_NUM_THREADS before the process starts
   * @throws EngineError where OpenMP gives another number, as with OMP_THREAD_LIMIT
   */
  setThreads(threads: number): boolean;
  /** Frees everything. Whatever is used afterwards throws an EngineError. Twice is harmless. */
  dispose(): void;
}
