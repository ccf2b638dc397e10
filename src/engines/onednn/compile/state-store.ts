/** The state of all programs of an executable: each entry once, in the layout that its first reader asked for. */
import {
  EngineError,
  formatShape,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
  tensor,
  zeros,
} from '../../../tensor/index.ts';
import type { Address, Layout, Library } from '../library/index.ts';
import { gather, type Padding, spread } from '../planning/padding/padding.ts';
import type { FixedMemory } from './fixed-memory.ts';
import { plainFormat } from './recorder.ts';
import type { Stored } from './stored.ts';

interface Entry {
  readonly shape: Shape;
  readonly stored: Stored;
}

export class StateStore {
  readonly #library: Library;
  readonly #memory: FixedMemory;
  readonly #entries = new Map<string, Entry>();
  readonly #paddings = new Map<string, Padding>();

  constructor(library: Library, memory: FixedMemory) {
    this.#library = library;
    this.#memory = memory;
  }

  /** From now on the entry has this padding, which nobody outside sees. */
  pad(name: string, padding: Padding): void {
    this.#paddings.set(name, padding);
  }

  isPadded(name: string): boolean {
    return this.#paddings.has(name);
  }

  /** Whether a vector holds nothing but padding from this element on. */
  isPaddedFrom(name: string, element: number): boolean {
    const [segments = []] = this.#paddings.get(name) ?? [];
    const [only, another] = segments;
    return only !== undefined && another === undefined && only.length <= element;
  }

  /** The entry, placed now where it is new. @throws EngineError where another program gave it another shape */
  entry(name: string, shape: Shape, layout: Layout): Stored {
    const known = this.#entries.get(name);
    if (known && !sameShape(known.shape, shape))
      throw new EngineError(
        `state \`${name}\`: programs of one executable must agree; one has ${formatShape(known.shape)}, another ${formatShape(shape)}`,
      );
    if (known) return known.stored;
    const stored: Stored = { layout, stretch: { bytes: layout.bytes, isFixed: true } };
    this.#memory.address(stored.stretch);
    this.#entries.set(name, { shape, stored });
    return stored;
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Has `fill` write an entry's numbers, in the shape that it has outside. Whether there is such an entry. */
  load(name: string, shape: Shape, fill: (numbers: Float32Array) => void): boolean {
    const entry = this.#entries.get(name);
    if (!entry) return false;
    const padding = this.#paddings.get(name);
    this.#reach(entry, 'in', (plain) => {
      const content = padding ? zeros('float32', shape) : tensor('float32', shape, plain);
      fill(content.data);
      if (padding) plain.set(spread(content, padding).data as Float32Array);
    });
    return true;
  }

  /** Shows an entry, in memory that is the store's own or gone afterwards. Whether there is such an entry. */
  read(name: string, see: (content: Tensor<'float32'>) => void): boolean {
    const entry = this.#entries.get(name);
    if (!entry) return false;
    const padding = this.#paddings.get(name);
    this.#reach(entry, 'out', (plain) => {
      const content = tensor('float32', entry.shape, plain);
      see(padding ? (gather(content, padding) as Tensor<'float32'>) : content);
    });
    return true;
  }

  /** The numbers as they lie in memory where that is in their order; else in a plain copy, for as long as it takes. */
  #reach({ stored: { layout, stretch } }: Entry, way: 'in' | 'out', use: (plain: Float32Array) => void): void {
    const library = this.#library;
    const { dims } = layout;
    const plain = library.layout(dims, 'f32', plainFormat(dims.length));
    const kept = this.#memory.address(stretch);
    if (plain.equals(layout)) {
      use(kept.arena.float32(kept.offset, sizeOf(dims)));
      return;
    }
    const room = library.arena(plain.bytes);
    const floats = room.float32(0, sizeOf(dims));
    const [from, to] = way === 'in' ? [plain, layout] : [layout, plain];
    const primitive = library.create({ kind: 'reorder', src: from, dst: to });
    const places = way === 'in' ? [room.at(0), kept] : [kept, room.at(0)];
    const memories = [library.memory(from, places[0] as Address), library.memory(to, places[1] as Address)] as const;
    try {
      if (way === 'in') use(floats);
      const call = library.call(primitive, [
        ['src', memories[0]],
        ['dst', memories[1]],
      ]);
      call.run();
      if (way === 'out') use(floats);
    } finally {
      for (const memory of memories) memory.destroy();
      primitive.destroy();
      room.dispose();
    }
  }
}
