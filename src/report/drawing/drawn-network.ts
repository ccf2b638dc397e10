import type { Layer, NetworkStructure } from '../../ir/index.ts';

/** What is drawn: as `inspectNetwork` describes it. */
export interface DrawnNetwork {
  readonly name: string;
  readonly image: { readonly channels: number; readonly height: number; readonly width: number };
  readonly classes: number;
  readonly layers: readonly Layer[];
  readonly structure: NetworkStructure;
  readonly params: number;
  readonly macs: number;
  readonly activationBytes: number;
  readonly batchSize: number;
  /** Planned for a batch; absent where only the prediction graph is known. */
  readonly training?: { readonly totalBytes: number };
  readonly prediction: { readonly totalBytes: number };
}
