/** Decoded pictures in memory that all threads see, up to so many bytes; what does not fit is decoded again each time. */
import type { Pixels } from '../data/index.ts';

export class ImageCache {
  readonly limit: number;
  #bytes = 0;
  #isFull = false;
  readonly #pictures = new Map<string, Map<string, Pixels>>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get hasRoom(): boolean {
    return !this.#isFull && this.#bytes < this.limit;
  }

  /** @param decoding what was made of the file */
  find(decoding: string, path: string): Pixels | undefined {
    return this.#pictures.get(decoding)?.get(path);
  }

  /** In an epoch all are used equally, so the first ones stay. */
  add(decoding: string, path: string, picture: Pixels): void {
    const { length } = picture.pixels;
    const of = this.#pictures.get(decoding) ?? new Map<string, Pixels>();
    if (of.has(path)) return;
    // a smaller one might still fit, but all would be copied to find out
    if (this.#bytes + length > this.limit) this.#isFull = true;
    if (this.#isFull) return;
    this.#pictures.set(decoding, of.set(path, picture));
    this.#bytes += length;
  }
}
