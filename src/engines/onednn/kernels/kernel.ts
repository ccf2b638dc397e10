/** How one op is run. */
import type { ConvAttributes, Node, OpName } from '../../../ir/index.ts';
import type { Assembly } from '../compile/assembly.ts';

export type Kernel = (assembly: Assembly, node: Node) => void;
/** One entry for every op: a missing one is a compile error. */
export type Kernels = { readonly [op in OpName]: Kernel };

/** The rectifier as a primitive's last step. */
export const rectifier = { kind: 'eltwise', algorithm: 'relu', alpha: 0, beta: 0 } as const;

/** As oneDNN has windows: strides, and padding before and after. */
export const windowOf = ({
  stride,
  padding,
}: {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
}) => ({
  strides: stride,
  padding: { before: padding, after: padding },
});

/** oneDNN counts the pixels between taps: 0 is a plain convolution. */
export function windowOfConvolution({ attributes }: Node) {
  const { dilation, ...rest } = attributes as ConvAttributes;
  return { ...windowOf(rest), dilation: dilation.map((n) => n - 1) };
}

export const noPadding = { before: [0, 0], after: [0, 0] };
