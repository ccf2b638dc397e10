/** The memory that loops over pixels work in, and these loops: one of both for each thread. */
import { pixelKernels } from './pixel-kernels.ts';

/** Addresses are bytes from the memory's beginning. */
interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  scaleRows(
    source: number,
    rowBytes: number,
    height: number,
    target: number,
    targetWidth: number,
    width: number,
    starts: number,
    weights: number,
    taps: number,
  ): void;
  scaleGreyRows: Kernels['scaleRows'];
  scaleColumns(
    rows: number,
    rowBytes: number,
    target: number,
    height: number,
    starts: number,
    weights: number,
    taps: number,
  ): void;
  toPlanes(source: number, rowBytes: number, target: number, height: number, width: number): void;
  lookUp(source: number, length: number, table: number, target: number): void;
  lookUpLevels: Kernels['lookUp'];
  toGrey(source: number, plane: number, length: number, target: number): void;
  sumOf(source: number, length: number): number;
  blend(plain: number, source: number, length: number, share: number, target: number): void;
}

/** What the types of Node leave out. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object) => { readonly exports: unknown };
  };
};

const pageBytes = 65_536;

class PixelMemory {
  readonly kernels: Kernels;
  #bytes: Uint8Array;
  #words: Int32Array;
  #floats: Float32Array;

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(pixelKernels, 'base64'));
    this.kernels = new WebAssembly.Instance(module).exports as Kernels;
    [this.#bytes, this.#words, this.#floats] = views(this.kernels);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get words(): Int32Array {
    return this.#words;
  }

  get floats(): Float32Array {
    return this.#floats;
  }

  /** Where parts of so many bytes lie; what was there before is gone. Behind each a vector may be read. */
  layOut(...lengths: readonly number[]): number[] {
    let end = 1024;
    const starts = lengths.map((length) => {
      const start = end;
      end += Math.ceil(length / 16) * 16 + 16;
      return start;
    });
    const missing = end - this.#bytes.length;
    if (missing > 0) {
      this.kernels.memory.grow(Math.ceil(missing / pageBytes));
      [this.#bytes, this.#words, this.#floats] = views(this.kernels);
    }
    return starts;
  }
}

function views({ memory: { buffer } }: Kernels): [Uint8Array, Int32Array, Float32Array] {
  return [new Uint8Array(buffer), new Int32Array(buffer), new Float32Array(buffer)];
}

let shared: PixelMemory | undefined;

/** This thread's. */
export function pixelMemory(): PixelMemory {
  shared ??= new PixelMemory();
  return shared;
}
