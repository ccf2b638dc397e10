/** Shared libraries and addresses: the one file that knows koffi. */
import { EngineError } from '../../../tensor/index.ts';

/** What is passed to C: numbers, addresses, or memory of JavaScript that the function uses only until it returns. */
export type CValue = number | bigint | null | NodeJS.ArrayBufferView;

type Koffi = typeof import('koffi')['default'];
type CResult = 'int' | 'size_t' | 'void *';

/** An opened shared library. It is never unloaded: its threads may still be about when the process ends. */
export interface SharedLibrary {
  /** The file it came from. */
  readonly path: string;
  has(name: string): boolean;
  /** @throws EngineError where the library lacks the function */
  status(name: string, ...parameters: string[]): (...values: CValue[]) => number;
  pointer(name: string, ...parameters: string[]): (...values: CValue[]) => bigint;
}

/** The means of calling C, or undefined where koffi is not installed. */
export async function loadNative(): Promise<Native | undefined> {
  try {
    return new Native((await import('koffi')).default);
  } catch {
    return undefined;
  }
}

export class Native {
  readonly #koffi: Koffi;
  readonly #system: SystemFunctions;
  readonly #byteTypes = new Map<number, ReturnType<Koffi['array']>>();

  constructor(koffi: Koffi) {
    this.#koffi = koffi;
    this.#system = systemFunctions(koffi);
  }

  /** @throws Error with the system's reason */
  open(path: string): SharedLibrary {
    const library = this.#koffi.load(path);
    this.#system.pin?.(path);
    const find = (name: string, result: CResult, parameters: string[]) => {
      try {
        return library.func(name, result, parameters);
      } catch {
        throw new EngineError(
          `onednn: the library lacks the function ${name}; ${path}`,
          'install oneDNN 2.6 or newer, or set SKEIN_ONEDNN_LIB to another libdnnl',
        );
      }
    };
    const symbol = (name: string): bigint | undefined => {
      try {
        return library.symbol(name) ?? undefined;
      } catch {
        return undefined;
      }
    };
    return {
      path: this.#fileOf(symbol('dnnl_version')) ?? path,
      has: (name) => symbol(name) !== undefined,
      status: (name, ...parameters) => find(name, 'int', parameters),
      pointer: (name, ...parameters) => {
        const call = find(name, 'void *', parameters);
        return (...values) => call(...values) ?? 0n;
      },
    };
  }

  /** A copy of `bytes` bytes at an address. */
  bytesAt(address: bigint, bytes: number): Uint8Array<ArrayBuffer> {
    // koffi keeps every type that was ever made, so each is made once
    let type = this.#byteTypes.get(bytes);
    if (type === undefined) {
      type = this.#koffi.array('uint8_t', bytes, 'Typed');
      this.#byteTypes.set(bytes, type);
    }
    return this.#koffi.decode(address, type) as Uint8Array<ArrayBuffer>;
  }

  textAt(address: bigint): string {
    return this.#koffi.decode.string(address);
  }

  /** Where memory of JavaScript lies: fixed as long as it is referenced, if it is longer than a few bytes. */
  addressOf(buffer: ArrayBuffer): bigint {
    return this.#koffi.address(new Uint8Array(buffer, 0, 1));
  }

  /** Asks the system to back a range with huge pages. */
  preferHugePages(address: bigint, bytes: number): void {
    this.#system.advise?.(address, bytes, 14);
  }

  /** Gives the pages of a range back to the system; reading them again gives zeros. */
  release(address: bigint, bytes: number): void {
    this.#system.advise?.(address, bytes, 4);
  }

  #fileOf(symbol: bigint | undefined): string | undefined {
    const found = new BigUint64Array(4);
    if (symbol === undefined || !this.#system.locate?.(symbol, found) || !found[0]) return undefined;
    return this.textAt(found[0]);
  }
}

interface SystemFunctions {
  /** Keeps a library in memory until the process is gone. */
  readonly pin?: (path: string) => void;
  readonly advise?: (address: bigint, bytes: number, advice: number) => void;
  readonly locate?: (symbol: bigint, found: BigUint64Array) => boolean;
}

function systemFunctions(koffi: Koffi): SystemFunctions {
  if (process.platform !== 'linux' && process.platform !== 'darwin') return {};
  try {
    const system = koffi.load(process.platform === 'linux' ? 'libc.so.6' : null);
    const dlopen = system.func('dlopen', 'void *', ['str', 'int']);
    const dladdr = system.func('dladdr', 'int', ['void *', 'void *']);
    const madvise = system.func('madvise', 'int', ['void *', 'size_t', 'int']);
    const [now, stay] = process.platform === 'linux' ? [2, 0x1000] : [2, 0x80];
    return {
      pin: (path) => void dlopen(path, now | stay),
      locate: (symbol, found) => dladdr(symbol, found) !== 0,
      // the numbers of the advices are Linux's
      ...(process.platform === 'linux' && { advise: (...values) => void madvise(...values) }),
    };
  } catch {
    return {};
  }
}
