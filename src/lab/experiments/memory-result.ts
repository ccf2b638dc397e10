/** What `memory` counts and measures. */
import type { PlannedMemory } from '../../train/index.ts';
import type { MeasuredRun } from '../arithmetic/measured-run.ts';
import type { Traffic } from '../arithmetic/memory-traffic.ts';

/** What a network is and what it would take; for one image where nothing else is said. */
export interface CountedNetwork {
  readonly name: string;
  readonly params: number;
  readonly macs: number;
  /** Of all results. */
  readonly activationBytes: number;
  readonly traffic: Traffic;
}

/** What was planned and what was measured for a batch. */
export interface MeasuredNetwork extends CountedNetwork {
  readonly planned: {
    readonly step: PlannedMemory;
    readonly dense: PlannedMemory;
    readonly cheap: PlannedMemory;
    readonly prediction: PlannedMemory;
  };
  readonly step: MeasuredRun;
  /** Where the backward pass computes again what makes dense blocks grow; for dense networks. */
  readonly recomputing?: MeasuredRun;
  readonly prediction: MeasuredRun;
}

/** What the papers and their authors' code give. */
export interface LargeNetwork extends CountedNetwork {
  readonly published: { readonly params?: number; readonly macs?: number; readonly top1?: number };
}

/** What comes of it. */
export interface MemoryResult {
  /** Of a network of one layer: what the engine's process holds anyway. */
  readonly least: MeasuredRun;
  readonly networks: readonly MeasuredNetwork[];
  readonly large: readonly LargeNetwork[];
}
