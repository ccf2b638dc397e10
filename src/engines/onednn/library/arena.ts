/** One block of memory for native code, owned by JavaScript, so that no view of it can outlive it. */
import { EngineError } from '../../../tensor/index.ts';
import type { Address, Arena } from './library.ts';
import type { Native } from './native.ts';

const hugePage = 2 * 2 ** 20;
const page = 4096;

export class NativeArena implements Arena {
  readonly bytes: number;
  readonly #native: Native;
  readonly #buffer: ArrayBuffer;
  /** Where the arena begins in the buffer. */
  readonly #start: number;
  readonly #address: bigint;
  readonly #ending = new Set<() => void>();
  #disposed = false;

  /** @throws EngineError where the system has not that much memory */
  constructor(native: Native, bytes: number) {
    if (!Number.isSafeInteger(bytes) || bytes < 0)
      throw new EngineError(`arena: expected a whole number of bytes, but got ${bytes}`);
    const alignment = bytes >= hugePage ? hugePage : page;
    this.bytes = bytes;
    this.#native = native;
    this.#buffer = reserve(bytes, roundUp(bytes, alignment) + alignment);
    const address = native.addressOf(this.#buffer);
    this.#address = BigInt(alignment) * ((address + BigInt(alignment - 1)) / BigInt(alignment));
    this.#start = Number(this.#address - address);
    if (alignment === hugePage) native.preferHugePages(this.#address, roundUp(bytes, hugePage));
  }

  at(offset: number): Address {
    return { arena: this, offset };
  }

  float32(offset: number, length: number): Float32Array {
    return new Float32Array(this.#usable(offset, length * 4, 4), this.#start + offset, length);
  }

  float64(offset: number, length: number): Float64Array {
    return new Float64Array(this.#usable(offset, length * 8, 8), this.#start + offset, length);
  }

  int32(offset: number, length: number): Int32Array {
    return new Int32Array(this.#usable(offset, length * 4, 4), this.#start + offset, length);
  }

  uint16(offset: number, length: number): Uint16Array {
    return new Uint16Array(this.#usable(offset, length * 2, 2), this.#start + offset, length);
  }

  uint8(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.#usable(offset, length), this.#start + offset, length);
  }

  /** The address of `bytes` bytes from `offset` on. @throws EngineError where they are not all inside */
  pointer(offset: number, bytes: number): bigint {
    this.#usable(offset, bytes);
    return this.#address + BigInt(offset);
  }

  /** Called once, before the memory goes. */
  onEnd(action: () => void): void {
    this.#ending.add(action);
  }

  offEnd(action: () => void): void {
    this.#ending.delete(action);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const action of [...this.#ending]) action();
    this.#ending.clear();
    const end = this.#address + BigInt(roundUp(this.bytes, page));
    this.#native.release(this.#address, Number(end - this.#address));
    // empties all views; the collector frees the addresses, whose pages are already free
    structuredClone(this.#buffer, { transfer: [this.#buffer] });
  }

  #usable(offset: number, bytes: number, alignment = 1): ArrayBuffer {
    if (this.#disposed) throw new EngineError('arena: it was disposed of, so its memory is gone');
    if (!Number.isSafeInteger(offset) || offset < 0 || !(bytes >= 0) || offset + bytes > this.bytes)
      throw new EngineError(`arena: expected a place inside its ${this.bytes} bytes, but got ${bytes} at ${offset}`);
    if (offset % alignment !== 0)
      throw new EngineError(`arena: expected a multiple of ${alignment} bytes for these numbers, but got ${offset}`);
    return this.#buffer;
  }
}

function reserve(bytes: number, withMargin: number): ArrayBuffer {
  try {
    return new ArrayBuffer(withMargin);
  } catch {
    throw new EngineError(
      `arena: there is not enough memory for ${Math.ceil(bytes / 2 ** 20)} MiB`,
      'use a smaller batch (--batch-size) or smaller images',
    );
  }
}

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
