/** Primitives by what they do: a network has thousands of uses of a few hundred, and making one costs more than calling it. */
import type { Library, Primitive, PrimitiveDescription } from '../library/index.ts';

export class PrimitiveCache {
  readonly #library: Library;
  readonly #known = new Map<string, Primitive>();
  /** Of layouts, which are the same object where they are equal, and of primitives. */
  readonly #numbers = new WeakMap<object, number>();
  #next = 0;

  constructor(library: Library) {
    this.#library = library;
  }

  /** @throws EngineError as `Library.create` does */
  create(description: PrimitiveDescription): Primitive {
    const key = JSON.stringify(description, (_, value: unknown) => (isOpaque(value) ? this.#numberOf(value) : value));
    const known = this.#known.get(key);
    if (known) return known;
    const made = this.#library.create(description);
    this.#known.set(key, made);
    return made;
  }

  destroy(): void {
    for (const primitive of this.#known.values()) primitive.destroy();
  }

  #numberOf(object: object): number {
    const known = this.#numbers.get(object);
    if (known !== undefined) return known;
    this.#numbers.set(object, this.#next);
    return this.#next++;
  }
}

/** Whether this is a layout or a primitive, which stand for themselves. */
const isOpaque = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && ('dims' in value || 'implementation' in value);
