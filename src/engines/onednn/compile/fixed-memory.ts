/** Memory for what stays: state and constants, one behind the other in blocks that are never moved. */
import type { Address, Arena, Library } from '../library/index.ts';
import type { Stretch } from './stored.ts';

const block = 32 * 1024 * 1024;
const alignment = 64;

export class FixedMemory {
  readonly #library: Library;
  readonly #places = new Map<Stretch, Address>();
  #arena: Arena | undefined;
  #end = 0;

  constructor(library: Library) {
    this.#library = library;
  }

  /** Where a stretch is; a new one gets its place now. */
  address(stretch: Stretch): Address {
    const known = this.#places.get(stretch);
    if (known) return known;
    const bytes = Math.ceil(stretch.bytes / alignment) * alignment;
    if (!this.#arena || this.#end + bytes > this.#arena.bytes) {
      this.#arena = this.#library.arena(Math.max(block, bytes));
      this.#end = 0;
    }
    const address = this.#arena.at(this.#end);
    this.#end += bytes;
    this.#places.set(stretch, address);
    return address;
  }
}
