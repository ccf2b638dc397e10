/** What `reuse` measures. */
import type { TrainedRecord } from '../laboratory.ts';

/** What a layer reads of a block. */
export interface ReusedReading {
  /** `block1.layer3.conv1` */
  readonly layer: string;
  /** Its place among the block's layers, counted from 1; null for a transition or the classifier. */
  readonly number: number | null;
  /** Mean absolute weight by which it reads the block's input and each earlier layer. */
  readonly weights: readonly number[];
  /** How many weights stand behind each of these. */
  readonly counts: readonly number[];
}

/** A network with its blocks. */
export interface ReusedNetwork {
  readonly name: string;
  /** Whether it is the person's own. */
  readonly isOwn: boolean;
  /** Absent for one's own. */
  readonly trained?: TrainedRecord;
  readonly blocks: readonly (readonly ReusedReading[])[];
}

/** What comes of it. */
export interface ReuseResult {
  readonly networks: readonly ReusedNetwork[];
}
