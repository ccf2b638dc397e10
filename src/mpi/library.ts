/** An MPI library, opened before anything is begun with it. */
import { EngineError } from '../tensor/index.ts';
import { type Handles, handlesOf, type MpiFamily } from './handles.ts';

type Koffi = typeof import('koffi')['default'];

/** A function of C that returns a status. */
export type Status = (...values: (number | bigint | null | NodeJS.ArrayBufferView)[]) => number;

export interface MpiLibrary {
  readonly path: string;
  readonly family: MpiFamily;
  /** Such as `Open MPI 4.1.4`. */
  readonly version: string;
  readonly handles: Handles;
  /** Handles and addresses are parameters of kind `intptr_t`, arrays of kind `void *`. */
  status(name: string, ...parameters: string[]): Status;
  readonly system: SystemCalls;
}

/** Calls of the C library; those that it lacks do nothing. */
export interface SystemCalls {
  /** Lets another process have the core. */
  yieldCore(): void;
  /** Ends this process by SIGALRM after whole seconds, wherever it is by then; 0 calls that off. */
  alarm(seconds: number): void;
}

/** @throws Error with the system's reason where it cannot be loaded; EngineError where it lacks something */
export function openLibrary(koffi: Koffi, path: string, family: MpiFamily): MpiLibrary {
  const library = koffi.load(path);
  const status = (name: string, ...parameters: string[]): Status => {
    try {
      return library.func(name, 'int', parameters);
    } catch {
      throw lacking(name, path);
    }
  };
  const handles = handlesOf(family, (symbol) => {
    try {
      return library.symbol(symbol) as bigint;
    } catch {
      throw lacking(symbol, path);
    }
  });
  return { path, family, version: versionOf(status), handles, status, system: systemCalls(koffi) };
}

const lacking = (name: string, path: string) =>
  new EngineError(`mpi: the library lacks ${name}; ${path}`, 'MPI 3 is needed: Open MPI 4 or MPICH 4, or newer');

/** May be asked before MPI has begun. */
function versionOf(status: MpiLibrary['status']): string {
  const text = Buffer.alloc(8192);
  const length = new Int32Array(2);
  status('MPI_Get_library_version', 'void *', 'void *')(text, length);
  const said = text.toString('latin1', 0, Math.max(0, length[0] ?? 0));
  const number = /(\d+\.\d+(?:\.\d+)?)/.exec(said)?.[1] ?? '';
  const name = /Intel/.test(said) ? 'Intel MPI' : /Open MPI/.test(said) ? 'Open MPI' : 'MPICH';
  return `${name} ${number}`.trim();
}

function systemCalls(koffi: Koffi): SystemCalls {
  try {
    const system = koffi.load(process.platform === 'linux' ? 'libc.so.6' : null);
    return { yieldCore: system.func('sched_yield', 'int', []), alarm: system.func('alarm', 'int', ['int']) };
  } catch {
    return { yieldCore: () => {}, alarm: () => {} };
  }
}
