/** An MPI library, opened and told apart, before anything is begun with it. */
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
}

/** @throws Error with the system's reason where this is no library; EngineError where it is none of MPI */
export function openLibrary(koffi: Koffi, path: string): MpiLibrary {
  const library = koffi.load(path);
  const addressOf = (name: string): bigint | undefined => {
    try {
      return library.symbol(name) ?? undefined;
    } catch {
      return undefined;
    }
  };
  if (addressOf('MPI_Allreduce') === undefined)
    throw new EngineError(`mpi: ${path} is another library, without the function MPI_Allreduce`);
  const family: MpiFamily = addressOf('MPI_Abi_get_version')
    ? 'MPI ABI'
    : addressOf('ompi_mpi_comm_world')
      ? 'Open MPI'
      : 'MPICH';
  const handles = handlesOf(family, (symbol) => {
    const address = addressOf(symbol);
    if (address === undefined) throw new EngineError(`mpi: the library lacks ${symbol}; ${path}`);
    return address;
  });
  const status = (name: string, ...parameters: string[]): Status => library.func(name, 'int', parameters);
  return { path, family, version: versionOf(status), handles, status };
}

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
