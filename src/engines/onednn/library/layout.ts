export type DataType = 'f16' | 'bf16' | 'f32' | 's32' | 's8' | 'u8';

/**
 * How a tensor lies in memory. Axes are named by letters in the order of `dims`.
 * Blocked layouts pad their axes to whole blocks, so `bytes` can exceed the product of `dims`; the padding must hold zeros.
 */
export interface Layout {
  readonly dims: readonly number[];
  readonly dataType: DataType;
  readonly bytes: number;
  /** oneDNN's name, such as `abcd` or `aBcd16b`; `any`, `opaque`, or a name with strides where the tensor has gaps. */
  readonly format: string;
  /** Whether both describe the same bytes, so that no reorder is needed. */
  equals(other: Layout): boolean;
}
