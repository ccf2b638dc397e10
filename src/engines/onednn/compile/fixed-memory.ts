/** Memory for what stays: the state of all programs or the constants of one, one behind the other in blocks that are never moved. */
import type { Address, Arena, Library } from '../library/index.ts';
import type { Stretch } from '../planning/place.ts';

/** As large as the state of most networks. */
const usualBlock = 32 * 1024 * 1024;
const alignment = 64;

export class FixedMemory {
  readonly #library: Library;
  readonly #block: number;
  readonly #arenas: Arena[] = [];
  readonly #places = new Map<Stretch, Address>();
  #end = 0;

  /** `block` is what is asked of the system at a time, in bytes. */
  constructor(library: Library, block = usualBlock) {
    this.#library = library;
    this.#block = block;
  }

  /** Whether a stretch has a place here. */
  has(stretch: Stretch): boolean {
    return this.#places.has(stretch);
  }

  /** Where a stretch is; a new one gets its place now. */
  address(stretch: Stretch): Address {
    const known = this.#places.get(stretch);
    if (known) return known;
    const bytes = Math.ceil(stretch.bytes / alignment) * alignment;
    let arena = this.#arenas.at(-1);
    if (!arena || this.#end + bytes > arena.bytes) {
      arena = this.#library.arena(Math.max(this.#block, bytes));
      this.#arenas.push(arena);
      this.#end = 0;
    }
    const address = arena.at(this.#end);
    this.#end += bytes;
    this.#places.set(stretch, address);
    return address;
  }

  /** Frees everything that has a place here. */
  dispose(): void {
    for (const arena of this.#arenas) arena.dispose();
    this.#arenas.length = 0;
    this.#places.clear();
  }
}
