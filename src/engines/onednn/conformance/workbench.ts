/** Runs single primitives on dense arrays: reorders what goes in and comes out, and owns all memory. */
import { EngineError, Random } from '../../../tensor/index.ts';
import type {
  Arena,
  ArgumentName,
  DataType,
  Layout,
  Library,
  Memory,
  Primitive,
  PrimitiveDescription,
} from '../library/index.ts';

/** Float32 numbers in the order of the dims' letters, or a memory that an earlier primitive filled. */
export type Fed = Float32Array | Memory;

export class Workbench {
  readonly library: Library;
  readonly #arena: Arena;
  readonly #random = new Random('conformance');
  #used = 0;

  constructor(library: Library, bytes = 2 ** 24) {
    this.library = library;
    this.#arena = library.arena(bytes);
  }

  dispose(): void {
    this.#arena.dispose();
  }

  layout(dims: readonly number[], format = 'any', dataType: DataType = 'f32'): Layout {
    return this.library.layout(dims, dataType, format);
  }

  random(length: number): Float32Array {
    return Float32Array.from({ length }, () => this.#random.normal());
  }

  create(description: PrimitiveDescription): Primitive {
    return this.library.create(description);
  }

  /** Runs once. What is not fed starts as zeros. */
  run(primitive: Primitive, fed: Partial<Record<ArgumentName, Fed>>): Map<ArgumentName, Memory> {
    const memories = new Map<ArgumentName, Memory>();
    for (const name of primitive.arguments) {
      const layout = primitive.layout(name);
      if (!layout) throw new EngineError(`the library gives no layout of ${name}`);
      const given = fed[name];
      if (given === undefined) memories.set(name, this.#place(layout));
      else memories.set(name, given instanceof Float32Array ? this.#filled(layout, given) : given);
    }
    const call = this.library.call(primitive, [...memories]);
    call.run();
    call.destroy();
    return memories;
  }

  /** What a memory holds, as dense float32. */
  read(memory: Memory | undefined): Float32Array {
    if (!memory) throw new EngineError('expected a result, but got none');
    const dense = this.library.layout(memory.layout.dims, 'f32', denseFormat(memory.layout.dims.length));
    const offset = this.#used;
    const result = this.#place(dense);
    this.#reorder(memory, result);
    return this.#arena.float32(offset, dense.bytes / 4).slice();
  }

  #filled(layout: Layout, values: Float32Array): Memory {
    const dense = this.library.layout(layout.dims, 'f32', denseFormat(layout.dims.length));
    const offset = this.#used;
    const source = this.#place(dense);
    this.#arena.float32(offset, values.length).set(values);
    if (values.length * 4 !== dense.bytes)
      throw new EngineError(`expected ${dense.bytes / 4} numbers, but got ${values.length}`);
    if (dense.equals(layout)) return source;
    const target = this.#place(layout);
    this.#reorder(source, target);
    return target;
  }

  #reorder(src: Memory, dst: Memory): void {
    const primitive = this.create({ kind: 'reorder', src: src.layout, dst: dst.layout });
    const scratchpad = primitive.layout('scratchpad');
    const extra = scratchpad?.bytes ? [['scratchpad', this.#place(scratchpad)] as const] : [];
    this.library.call(primitive, [['src', src], ['dst', dst], ...extra]).run();
    primitive.destroy();
  }

  #place(layout: Layout): Memory {
    const memory = this.library.memory(layout, this.#arena.at(this.#used));
    this.#arena.uint8(this.#used, layout.bytes).fill(0);
    this.#used = Math.ceil((this.#used + layout.bytes) / 64) * 64;
    return memory;
  }
}

const denseFormat = (axes: number): string => 'abcdefghijkl'.slice(0, axes);

/** @throws EngineError where the library refuses or its numbers are wrong */
export type Check = (bench: Workbench) => void;

/** @throws EngineError that says where and by how much two results differ */
export function expectNear(what: string, given: Float32Array, expected: ArrayLike<number>, tolerance = 1e-4): void {
  if (given.length !== expected.length)
    throw new EngineError(`${what}: expected ${expected.length} numbers, but got ${given.length}`);
  for (const [i, value] of given.entries()) {
    const wanted = expected[i] as number;
    if (!(Math.abs(value - wanted) <= tolerance * (1 + Math.abs(wanted))))
      throw new EngineError(`${what}: expected ${wanted} at ${i}, but got ${value}`);
  }
}
