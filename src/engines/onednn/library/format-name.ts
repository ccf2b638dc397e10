/** oneDNN's names of layouts, computed from strides and blocks. */

const letters = 'abcdefghijkl';

export interface Blocking {
  readonly dims: readonly number[];
  readonly paddedDims: readonly number[];
  /** Between neighbouring blocks of each axis, in elements. */
  readonly strides: readonly number[];
  /** Inner blocks, the outermost first. */
  readonly blocks: readonly { readonly size: number; readonly axis: number }[];
}

/** Such as `acdb` or `aBcd16b`; with the strides where the tensor is not dense. */
export function formatName({ dims, paddedDims, strides, blocks }: Blocking): string {
  const blockOf = dims.map((_, axis) => product(blocks.filter((block) => block.axis === axis).map(({ size }) => size)));
  const outer = paddedDims.map((size, axis) => size / (blockOf[axis] as number));
  const order = dims
    .map((_, axis) => axis)
    .sort(
      (one, other) => (strides[other] as number) - (strides[one] as number) || rank(outer, one, other) || one - other,
    );
  const name =
    order.map((axis) => (blockOf[axis] === 1 ? letters[axis] : letters[axis]?.toUpperCase())).join('') +
    blocks.map(({ size, axis }) => `${size}${letters[axis]}`).join('');
  let stride = product(blocks.map(({ size }) => size));
  for (const axis of [...order].reverse()) {
    if (outer[axis] !== 1 && strides[axis] !== stride) return `${name} (strides ${strides.join(', ')})`;
    stride *= outer[axis] as number;
  }
  return name;
}

/** Of axes with equal strides the longer one is outside, since only an axis of length 1 shares its stride. */
const rank = (outer: readonly number[], one: number, other: number): number =>
  (outer[other] as number) - (outer[one] as number);

/** The strides of dense axes in the order of their letters, or undefined where `format` is no such order. */
export function denseStrides(dims: readonly number[], format: string): number[] | undefined {
  const expected = letters.slice(0, dims.length);
  if ([...format].sort().join('') !== expected) return undefined;
  const strides = dims.map(() => 1);
  let stride = 1;
  for (const letter of [...format].reverse()) {
    const axis = letters.indexOf(letter);
    strides[axis] = stride;
    stride *= Math.max(1, dims[axis] as number);
  }
  return strides;
}

const product = (numbers: readonly number[]): number => numbers.reduce((all, number) => all * number, 1);
