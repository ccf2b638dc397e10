import { describe, expect, it } from 'vitest';
import { launched } from './launch.ts';

describe('whether a launcher started this process', () => {
  it.each([
    [
      "Open MPI's mpirun",
      { OMPI_COMM_WORLD_RANK: '1', OMPI_COMM_WORLD_SIZE: '4', OMPI_COMM_WORLD_LOCAL_SIZE: '2', PMIX_RANK: '1' },
    ],
    ["MPICH's and Intel's", { PMI_RANK: '1', PMI_SIZE: '4', MPI_LOCALNRANKS: '2', PMI_FD: '6' }],
    [
      'srun with pmix',
      {
        SLURM_PROCID: '1',
        SLURM_STEP_NUM_TASKS: '4',
        SLURM_NTASKS: '8',
        SLURM_NODEID: '3',
        SLURM_STEP_TASKS_PER_NODE: '1(x3),2',
        PMIX_RANK: '1',
      },
    ],
    [
      'srun with pmi2',
      {
        PMI_RANK: '1',
        PMI_SIZE: '4',
        SLURM_PROCID: '1',
        SLURM_STEP_NUM_TASKS: '4',
        SLURM_NODEID: '0',
        SLURM_STEP_TASKS_PER_NODE: '2(x2)',
      },
    ],
  ])('is told by the variables of %s', (_, environment) => {
    expect(launched(environment)).toEqual({
      rank: 1,
      size: 4,
      onThisHost: 2,
      variable: expect.stringMatching(/_(RANK|PROCID)$/),
    });
  });

  it('is not so in the script of a batch job, nor of one rank, nor without a launcher', () => {
    expect(launched({ SLURM_PROCID: '0', SLURM_NTASKS: '8', SLURM_NODEID: '0' })).toBeUndefined();
    expect(launched({ SLURM_PROCID: '0', SLURM_STEP_NUM_TASKS: '1', SLURM_STEP_ID: '4294967290' })).toBeUndefined();
    expect(launched({ OMPI_COMM_WORLD_RANK: '0', OMPI_COMM_WORLD_SIZE: '1' })).toBeUndefined();
    expect(launched({ OMPI_COMM_WORLD_RANK: '', OMPI_COMM_WORLD_SIZE: '' })).toBeUndefined();
    expect(launched({})).toBeUndefined();
  });

  it('is told by the nearest one where mpirun runs in a task of Slurm', () => {
    const slurm = {
      SLURM_PROCID: '0',
      SLURM_STEP_NUM_TASKS: '2',
      SLURM_NODEID: '0',
      SLURM_STEP_TASKS_PER_NODE: '1(x2)',
    };
    const mpirun = { OMPI_COMM_WORLD_RANK: '5', OMPI_COMM_WORLD_SIZE: '6', OMPI_COMM_WORLD_LOCAL_SIZE: '3' };
    expect(launched({ ...slurm, ...mpirun })).toEqual({
      ...{ rank: 5, size: 6, onThisHost: 3 },
      variable: 'OMPI_COMM_WORLD_RANK',
    });
  });
});
