/** Whether this process is one of several that a launcher started, from the variables that launchers set. */

/** What the launcher says of this process. */
export interface Launch {
  readonly rank: number;
  /** Two at least. */
  readonly size: number;
  /** Ranks on this machine, where the launcher says so. */
  readonly onThisHost: number | undefined;
  /** The name of the variable that it gave to each rank. */
  readonly variable: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Rank and size, the launcher that is nearest to the process first: mpirun may itself run in a task of Slurm's. */
const variables = [
  ['OMPI_COMM_WORLD_RANK', 'OMPI_COMM_WORLD_SIZE'],
  // MPICH, Intel MPI, and srun --mpi=pmi2
  ['PMI_RANK', 'PMI_SIZE'],
  // srun; the script of sbatch has SLURM_PROCID and SLURM_NTASKS too, and is no rank, but has no step's variables
  ['SLURM_PROCID', 'SLURM_STEP_NUM_TASKS'],
] as const;

/** Undefined where no launcher started it, or started it alone: then it runs as it would without one. */
export function launched(environment: Environment = process.env): Launch | undefined {
  for (const [rankName, sizeName] of variables) {
    const [rank, size] = [numberIn(environment, rankName), numberIn(environment, sizeName)];
    if (rank === undefined || size === undefined) continue;
    return size === 1 ? undefined : { rank, size, onThisHost: onThisHost(environment), variable: rankName };
  }
  return undefined;
}

function onThisHost(environment: Environment): number | undefined {
  const told = numberIn(environment, 'OMPI_COMM_WORLD_LOCAL_SIZE') ?? numberIn(environment, 'MPI_LOCALNRANKS');
  if (told !== undefined) return told;
  const node = numberIn(environment, 'SLURM_NODEID');
  return node === undefined ? undefined : tasksOfNodes(environment.SLURM_STEP_TASKS_PER_NODE ?? '')[node];
}

/** `2(x3),1` is 2, 2, 2, 1. */
function tasksOfNodes(text: string): number[] {
  const parts = text.matchAll(/(\d+)(?:\(x(\d+)\))?(?:,|$)/g);
  return [...parts].flatMap(([, tasks, times = '1']) => Array.from({ length: Number(times) }, () => Number(tasks)));
}

function numberIn(environment: Environment, name: string): number | undefined {
  const text = environment[name];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
