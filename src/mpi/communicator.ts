/** All ranks of a job, as one of them sees them: calls that every rank makes in the same order. */
import { EngineError } from '../tensor/index.ts';
import type { Handle } from './handles.ts';
import type { MpiLibrary, Status } from './library.ts';

/** What is combined in place, number by number. */
export type Reducible = Float32Array | Float64Array;

export type Reduction = 'sum' | 'max' | 'min';

/** More numbers than a call's int counts are sent in parts. */
const mostAtOnce = 2 ** 30;

export class Communicator {
  readonly rank: number;
  readonly size: number;
  readonly library: MpiLibrary;
  readonly #reduce: Status;
  readonly #broadcast: Status;
  readonly #finalize: Status;
  readonly #abort: Status;

  private constructor(library: MpiLibrary) {
    const { world } = library.handles;
    this.library = library;
    this.#reduce = library.status('MPI_Allreduce', 'intptr_t', 'void *', 'int', 'intptr_t', 'intptr_t', 'intptr_t');
    this.#broadcast = library.status('MPI_Bcast', 'void *', 'int', 'intptr_t', 'int', 'intptr_t');
    this.#finalize = library.status('MPI_Finalize');
    this.#abort = library.status('MPI_Abort', 'intptr_t', 'int');
    const place = new Int32Array(2);
    expectSuccess(library, 'MPI_Comm_rank', library.status('MPI_Comm_rank', 'intptr_t', 'void *')(world, place));
    this.rank = place[0] as number;
    expectSuccess(library, 'MPI_Comm_size', library.status('MPI_Comm_size', 'intptr_t', 'void *')(world, place));
    this.size = place[0] as number;
  }

  /** Once in a process. @throws EngineError */
  static begin(library: MpiLibrary): Communicator {
    const { world, errorsReturn, funnelled } = library.handles;
    const provided = new Int32Array(2);
    const init = library.status('MPI_Init_thread', 'void *', 'void *', 'int', 'void *');
    expectSuccess(library, 'MPI_Init_thread', init(null, null, funnelled, provided));
    const handle = library.status('MPI_Comm_set_errhandler', 'intptr_t', 'intptr_t');
    expectSuccess(library, 'MPI_Comm_set_errhandler', handle(world, errorsReturn));
    return new Communicator(library);
  }

  /** Afterwards `numbers` hold the sum, say, of what all ranks gave: the same bytes on each. @throws EngineError */
  allReduce(numbers: Reducible, reduction: Reduction = 'sum'): void {
    const { handles } = this.library;
    const type: Handle = numbers instanceof Float64Array ? handles.double : handles.float;
    for (let from = 0; from < numbers.length; from += mostAtOnce) {
      const part = numbers.subarray(from, from + mostAtOnce);
      const status = this.#reduce(handles.inPlace, part, part.length, type, handles[reduction], handles.world);
      expectSuccess(this.library, 'MPI_Allreduce', status);
    }
  }

  /** Afterwards `bytes` hold what rank 0 gave. @throws EngineError */
  broadcast(bytes: Uint8Array): void {
    const { handles } = this.library;
    for (let from = 0; from < bytes.length; from += mostAtOnce) {
      const part = bytes.subarray(from, from + mostAtOnce);
      expectSuccess(this.library, 'MPI_Bcast', this.#broadcast(part, part.length, handles.byte, 0, handles.world));
    }
  }

  /** The last call; without it the launcher takes the end of the process for a failure. */
  end(): void {
    expectSuccess(this.library, 'MPI_Finalize', this.#finalize());
  }

  /** Ends the processes of all ranks. */
  abort(code: number): void {
    this.#abort(this.library.handles.world, code);
  }
}

function expectSuccess({ version, path }: MpiLibrary, call: string, status: number): void {
  if (status !== 0) throw new EngineError(`mpi: ${call} failed with status ${status}; ${version}, ${path}`);
}
