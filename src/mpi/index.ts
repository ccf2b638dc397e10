/** MPI, which the system brings: found, opened, and called from Node. */
export { Communicator, type Reducible, type Reduction } from './communicator.ts';
export { type HandedOn, handedOn } from './handed-on.ts';
export type { MpiFamily } from './handles.ts';
export { joinRanks } from './join.ts';
export { type Launch, launched } from './launch.ts';
