/** Whether this process is one of several that a launcher started, from the variables that launchers set. */

/** What the launcher says of this process. */
export interface Launch {
  readonly rank: number;
  readonly size: number;
  /** Ranks on this machine, where the launcher says so. */
  readonly onThisHost: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Of each launcher: rank, size, ranks on the host. */
const variables = [
  ['OMPI_COMM_WORLD_RANK', 'OMPI_COMM_WORLD_SIZE', 'OMPI_COMM_WORLD_LOCAL_SIZE'],
  ['PMI_RANK', 'PMI_SIZE', 'MPI_LOCALNRANKS'],
  ['SLURM_PROCID', 'SLURM_NTASKS', 'SLURM_NTASKS_PER_NODE'],
] as const;

/** Undefined where no launcher started it. */
export function launched(environment: Environment = process.env): Launch | undefined {
  const number = (name: string): number | undefined => {
    const text = environment[name];
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  for (const [rankName, sizeName, localName] of variables) {
    const [rank, size] = [number(rankName), number(sizeName)];
    if (rank !== undefined && size !== undefined) return { rank, size, onThisHost: number(localName) };
  }
  return undefined;
}
