/** Room for batches in memory that all threads see; what a consumer is done with is used again. */
export class BatchMemory {
  readonly #free = new Map<number, Float32Array[]>();

  take(length: number): Float32Array {
    return this.#free.get(length)?.pop() ?? new Float32Array(new SharedArrayBuffer(4 * length));
  }

  giveBack(images: Float32Array): void {
    const free = this.#free.get(images.length) ?? [];
    free.push(images);
    this.#free.set(images.length, free);
  }
}
