/** What the programs of a process share. */
import type { Communicator } from '../../../mpi/index.ts';
import type { Precision } from '../../engine.ts';
import type { Library } from '../library/index.ts';
import { blockOf } from './block.ts';
import { FixedMemory } from './fixed-memory.ts';
import { StateStore } from './state-store.ts';

/** How a run meets those of other ranks: in place, and by all of them. */
export type Reduction = Pick<Communicator, 'allReduce' | 'startAllReduce'>;

export interface Host {
  readonly library: Library;
  readonly memory: FixedMemory;
  readonly state: StateStore;
  /** Channels in a block of the processor's layout. */
  readonly block: number;
  readonly precision: Precision;
  /** Where the process is one of several. */
  readonly ranks?: Reduction;
  /** Whether programs have gradients gathered for a reduction that begins before they end. */
  readonly overlaps?: boolean;
}

/** Without programs and state so far. */
export function hostOn(library: Library, precision: Precision, ranks?: Reduction, overlaps = false): Host {
  const memory = new FixedMemory(library);
  return {
    library,
    memory,
    state: new StateStore(library, memory),
    block: blockOf(library),
    precision,
    ...(ranks && { ranks, overlaps }),
  };
}
