/** What C programs get from mpi.h: handles and numbers, which differ between the families of libraries. */

/** Libraries that were compiled against one header. */
export type MpiFamily = 'Open MPI' | 'MPICH' | 'MPI ABI';

/** A handle: an address or a number, as C passes it. */
export type Handle = bigint;

export interface Handles {
  readonly world: Handle;
  readonly float: Handle;
  readonly double: Handle;
  readonly byte: Handle;
  readonly sum: Handle;
  readonly max: Handle;
  readonly min: Handle;
  readonly errorsReturn: Handle;
  /** In place of a send buffer. */
  readonly inPlace: Handle;
  readonly statusIgnore: Handle;
  /** MPI_THREAD_FUNNELED: only the thread that began calls. */
  readonly funnelled: number;
}

/** Integers of mpi.h; Intel MPI has MPICH's. */
const mpich: Handles = {
  world: 0x44000000n,
  float: 0x4c00040an,
  double: 0x4c00080bn,
  byte: 0x4c00010dn,
  sum: 0x58000003n,
  max: 0x58000001n,
  min: 0x58000002n,
  errorsReturn: 0x54000001n,
  inPlace: -1n,
  statusIgnore: 1n,
  funnelled: 1,
};

/** The standard ABI of MPI 5.0. */
const abi: Handles = {
  world: 0x101n,
  float: 0x210n,
  double: 0x214n,
  byte: 0x247n,
  sum: 0x21n,
  max: 0x23n,
  min: 0x22n,
  errorsReturn: 0x143n,
  inPlace: 1n,
  statusIgnore: 0n,
  funnelled: 1024,
};

/** @param addressOf of a symbol of the library: Open MPI's handles are addresses of its own records */
export function handlesOf(family: MpiFamily, addressOf: (symbol: string) => bigint): Handles {
  if (family === 'MPICH') return mpich;
  if (family === 'MPI ABI') return abi;
  return {
    world: addressOf('ompi_mpi_comm_world'),
    float: addressOf('ompi_mpi_float'),
    double: addressOf('ompi_mpi_double'),
    byte: addressOf('ompi_mpi_byte'),
    sum: addressOf('ompi_mpi_op_sum'),
    max: addressOf('ompi_mpi_op_max'),
    min: addressOf('ompi_mpi_op_min'),
    errorsReturn: addressOf('ompi_mpi_errors_return'),
    inPlace: 1n,
    statusIgnore: 0n,
    funnelled: 1,
  };
}
