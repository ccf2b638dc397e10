/** Writes down what a run does, instruction by instruction, before anything has a place in memory. */
import { EngineError } from '../../../tensor/index.ts';
import {
  type ArgumentName,
  bytesOfDataType,
  type Call,
  type DataType,
  type Layout,
  type Library,
  type Primitive,
  type PrimitiveDescription,
} from '../library/index.ts';
import { PrimitiveCache } from './primitive-cache.ts';
import type { Instruction, Places, Stored } from './stored.ts';

/** The order of axes, row by row: `abcd` for images. */
export const plainFormat = (rank: number) => 'abcdefgh'.slice(0, Math.max(rank, 1));

/** Tensors by the names of a primitive's arguments. */
export type Arguments = { readonly [name in ArgumentName]?: Stored };

export class Recorder {
  readonly library: Library;
  readonly instructions: Instruction[] = [];
  readonly constants: { readonly stored: Stored; readonly data: ArrayLike<number> }[] = [];
  /** Reorders of constants, done once. */
  readonly preparations: [from: Stored, to: Stored][] = [];
  /** Each as often as it is used. */
  readonly primitives: Primitive[] = [];
  readonly #cache: PrimitiveCache;

  constructor(library: Library) {
    this.library = library;
    this.#cache = new PrimitiveCache(library);
  }

  layout(dims: readonly number[], format = plainFormat(dims.length), dataType: DataType = 'f32'): Layout {
    return this.library.layout(dims.length === 0 ? [1] : dims, dataType, format);
  }

  temporary(layout: Layout): Stored {
    return { layout, stretch: { bytes: layout.bytes, isFixed: false } };
  }

  /** The same memory as one row of numbers, blocks' padding included: for what works number by number and keeps zeros. */
  flat({ layout, ...where }: Stored): Stored {
    const { bytes, dataType } = layout;
    return { ...where, layout: this.layout([bytes / bytesOfDataType[dataType]], undefined, dataType) };
  }

  create(description: PrimitiveDescription): Primitive {
    const primitive = this.#cache.create(description);
    this.primitives.push(primitive);
    return primitive;
  }

  /** In this type, or in float32 where the library has only plain loops for it. */
  createIn(dataType: DataType, describe: (dataType: DataType) => PrimitiveDescription): Primitive {
    return (dataType !== 'f32' && this.createFast(describe(dataType))) || this.create(describe('f32'));
  }

  /** Undefined where the library has only plain loops for it, or nothing. */
  createFast(description: PrimitiveDescription): Primitive | undefined {
    return this.isFast(description) ? this.create(description) : undefined;
  }

  /** Whether the library has more than plain loops for it. */
  isFast(description: PrimitiveDescription): boolean {
    try {
      return !this.#cache.create(description).implementation.includes('ref');
    } catch (error) {
      if (error instanceof EngineError) return false;
      throw error;
    }
  }

  /** Also those that were tried and not used. */
  destroyPrimitives(): void {
    this.#cache.destroy();
  }

  reorder(from: Stored, to: Stored): void {
    this.primitive(this.create({ kind: 'reorder', src: from.layout, dst: to.layout }), { src: from }, { dst: to });
  }

  /** Runs a primitive; its workspace belongs to `reads` or `writes`, its scratchpad is found here. */
  primitive(primitive: Primitive, reads: Arguments, writes: Arguments, inPlace?: ArgumentName): void {
    const at = present(reads).findIndex(([name]) => name === inPlace);
    this.#run(primitive, { reads, writes }, at >= 0 ? { inPlace: at } : {});
  }

  /** Runs a primitive that adds to what stands in dst: to `base`, whose memory it takes over, or a copy where that is still needed. */
  primitiveOnto(primitive: Primitive, reads: Arguments, dst: Stored, base: Stored): void {
    const isRead = present(reads).some(([, { stretch }]) => stretch === base.stretch);
    const begin = (places: Places) => {
      if (places.isSame(base, dst)) return undefined;
      const copy = this.create({ kind: 'reorder', src: base.layout, dst: dst.layout });
      return this.library.call(copy, [
        ['src', places.memory(base)],
        ['dst', places.memory(dst)],
      ]);
    };
    const at = present(reads).length;
    this.#run(primitive, { reads, writes: { dst }, base }, { begin, ...(!isRead && { inPlace: at }) });
  }

  #run(
    primitive: Primitive,
    { reads, writes, base }: { readonly reads: Arguments; readonly writes: Arguments; readonly base?: Stored },
    { inPlace, begin }: { readonly inPlace?: number; readonly begin?: (places: Places) => Call | undefined },
  ): void {
    const scratchpad = primitive.layout('scratchpad');
    const scratch = scratchpad && scratchpad.bytes > 0 ? [this.temporary(scratchpad)] : [];
    const [from, to] = [present(reads), present(writes)];
    const all = [...from, ...to, ...scratch.map((stored) => ['scratchpad', stored] as const)];
    const { description } = primitive;
    this.instructions.push({
      name: 'pass' in description ? `${description.kind} ${description.pass}` : description.kind,
      reads: [...from.map(([, stored]) => stored), ...(base ? [base] : [])],
      writes: to.map(([, stored]) => stored),
      scratch,
      ...(inPlace !== undefined && { inPlace }),
      bind: (places: Places) => {
        const call = this.library.call(
          primitive,
          all.map(([name, stored]) => [name, places.memory(stored)] as const),
        );
        const before = begin?.(places);
        if (!before) return () => call.run();
        return () => {
          before.run();
          call.run();
        };
      },
    });
  }

  /** Runs a loop of our own over tensors in plain layouts, with room for so many float64 numbers while it runs. */
  loop(
    name: string,
    reads: readonly Stored[],
    writes: readonly Stored[],
    run: (inputs: readonly Float32Array[], outputs: readonly Float32Array[], room: Float64Array) => void,
    doubles = 0,
  ): void {
    const scratch = doubles > 0 ? [this.temporary(this.layout([2 * doubles]))] : [];
    this.instructions.push({
      name: `loop ${name}`,
      reads,
      writes,
      scratch,
      bind: (places) => {
        const inputs = reads.map((stored) => places.floats(stored));
        const outputs = writes.map((stored) => places.floats(stored));
        const [room = new Float64Array()] = scratch.map((stored) => places.doubles(stored));
        return () => run(inputs, outputs, room);
      },
    });
  }

  /** A tensor that is filled once. */
  constant(layout: Layout, data: ArrayLike<number>): Stored {
    const stored = { layout, stretch: { bytes: layout.bytes, isFixed: true } };
    this.constants.push({ stored, data });
    return stored;
  }

  /** The same in another layout, reordered once. */
  constantIn(layout: Layout, constant: Stored): Stored {
    if (constant.layout.equals(layout)) return constant;
    const stored = { layout, stretch: { bytes: layout.bytes, isFixed: true } };
    this.preparations.push([constant, stored]);
    return stored;
  }
}

const present = (named: Arguments) =>
  Object.entries(named).filter((entry): entry is [ArgumentName, Stored] => entry[1] !== undefined);
