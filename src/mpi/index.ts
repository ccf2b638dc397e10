/** MPI, which the system brings: found, opened, and called from Node. */
export { beatSeconds } from './beats.ts';
export {
  Communicator,
  type JoinOptions,
  type Reducible,
  type Reduction,
  type StartedReduction,
} from './communicator.ts';
export type { MpiFamily } from './handles.ts';
export { joinRanks } from './join.ts';
export { type Launch, launched } from './launch.ts';
export { defaultPatience, type Limits } from './limits.ts';
export { type LauncherCommand, mpirunCommand } from './mpirun.ts';
export { overlaps } from './overlap.ts';
export { endedByAlarm } from './patience.ts';
export { dieWithParent, isParentStopped, launcherDescriptor, rankEnvironment } from './rank-process.ts';
export { type Cores, coresHere, rankThreads } from './rank-threads.ts';
