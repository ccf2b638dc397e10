/** What the engine's process and its owner say to each other. */
import type { OnnxModel } from '../../onnx/index.ts';
import type { Tensor } from '../../tensor/index.ts';

/** A compiled entry point: an ONNX model and how its inputs and outputs map to names. */
export interface EntryModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly string[];
  readonly state: readonly string[];
  readonly outputs: readonly string[];
}

/** What the engine's process needs to know of a model. */
export function entryModel({ bytes, inputs, state, outputs }: OnnxModel): EntryModel {
  return { bytes, inputs: [...inputs.keys()], state: [...state.keys()], outputs };
}

export type Request =
  | { readonly kind: 'compile'; readonly entries: Readonly<Record<string, EntryModel>>; readonly threads: number }
  | { readonly kind: 'load'; readonly state: ReadonlyMap<string, Tensor> }
  | { readonly kind: 'run'; readonly entry: string; readonly inputs: ReadonlyMap<string, Tensor> }
  | { readonly kind: 'read'; readonly names: readonly string[] | undefined }
  | { readonly kind: 'peak' };

export interface Reply {
  readonly id: number;
  readonly error?: string;
  readonly tensors?: ReadonlyMap<string, Tensor>;
  readonly peakBytes?: number;
}
