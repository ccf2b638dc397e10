import { expect, it } from 'vitest';
import { leaveThrough } from './take-leave.ts';

const hydra = { PMI_FD: '6', MPI_LOCALRANKID: '0' };

it.each([
  ['MPICH 4.0.2', ['a', 'b'], hydra, 6],
  ['MPICH 4.1', ['a', 'b'], hydra, 6],
  ['MPICH 3.4.3', ['a', 'a', 'b'], hydra, 6],
  ['MPICH 4.0.2', ['a', 'a'], hydra, undefined],
  ['MPICH 4.2.0', ['a', 'b'], hydra, undefined],
  ['MPICH 5.0', ['a', 'b'], hydra, undefined],
  ['MPICH 4.0.2', ['a', 'b'], { PMI_FD: '6' }, undefined],
  ['Intel MPI 2021.9', ['a', 'b'], hydra, undefined],
  ['Open MPI 4.1.4', ['a', 'b'], {}, undefined],
])('%s on %j leaves through %j: %s', (version, hosts, environment, expected) => {
  expect(leaveThrough({ hosts, library: { version } }, environment)).toBe(expected);
});
