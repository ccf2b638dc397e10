/** What the programs of a process share. */
import type { Precision } from '../../engine.ts';
import type { Library } from '../library/index.ts';
import type { FixedMemory } from './fixed-memory.ts';
import type { StateStore } from './state-store.ts';

export interface Host {
  readonly library: Library;
  readonly memory: FixedMemory;
  readonly state: StateStore;
  /** Channels in a block of the processor's layout. */
  readonly block: number;
  readonly precision: Precision;
}
