/** What every call of the library needs: memory that stays where it is, and a look at its status. */
import { EngineError } from '../tensor/index.ts';
import type { MpiLibrary } from './library.ts';

/** Bytes from which the collector leaves an array where it is: the library keeps its address. */
export const fixedBytes = 4096;

/** A call under way, as the library writes it: a pointer or, in MPICH, an integer. */
export type Request = BigInt64Array<ArrayBuffer>;

/** Room for one, at an address that stays. */
export const newRequest = (): Request => new BigInt64Array(new ArrayBuffer(fixedBytes), 0, 1);

/** @throws EngineError that says in the library's words what failed */
export function expectSuccess(library: MpiLibrary, call: string, status: number): void {
  if (status === 0) return;
  const { version, path } = library;
  throw new EngineError(`mpi: ${call} failed: ${meaningOf(library, status)}; ${version}, ${path}`);
}

function meaningOf(library: MpiLibrary, status: number): string {
  const text = Buffer.alloc(8192);
  const length = new Int32Array(2);
  const known = library.status('MPI_Error_string', 'int', 'void *', 'void *')(status, text, length) === 0;
  const said = known ? text.toString('latin1', 0, Math.max(0, length[0] ?? 0)).trim() : '';
  return said.replace(/\s+/g, ' ') || `status ${status}`;
}
