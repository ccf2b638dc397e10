/** What the programs of a process share. */
import type { Precision } from '../../engine.ts';
import type { Library } from '../library/index.ts';
import { blockOf } from './block.ts';
import { FixedMemory } from './fixed-memory.ts';
import { StateStore } from './state-store.ts';

export interface Host {
  readonly library: Library;
  readonly memory: FixedMemory;
  readonly state: StateStore;
  /** Channels in a block of the processor's layout. */
  readonly block: number;
  readonly precision: Precision;
}

/** Without programs and state so far. */
export function hostOn(library: Library, precision: Precision): Host {
  const memory = new FixedMemory(library);
  return { library, memory, state: new StateStore(library, memory), block: blockOf(library), precision };
}
