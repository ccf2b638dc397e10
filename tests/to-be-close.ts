/** One matcher for numbers that went through floating point: how many differ, where, and by how much. */

export interface Tolerance {
  /** Allowed difference as a fraction of the expected value; default 1e-5. */
  readonly relative?: number;
  /** Allowed difference added to that; default 1e-8. */
  readonly absolute?: number;
}

type Vector = ArrayLike<number> | ArrayLike<bigint>;

/** What `toBeClose` compares: a number, an array, a typed array or a tensor. */
export type Numeric = number | bigint | Vector | { readonly shape: readonly number[]; readonly data: Vector };

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: must repeat vitest's own type parameter
  interface Matchers<T = any> {
    /**
     * Passes where |actual − expected| ≤ absolute + relative · |expected| for every element. NaN is close to NaN only,
     * an infinity to itself. Two tensors must agree in shape, all else in the number of elements.
     */
    toBeClose(expected: Numeric, tolerance?: Tolerance): T;
  }
}

const listed = 3;

function read(value: unknown): { data: Vector; shape: readonly number[] | undefined } | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return { data: [Number(value)], shape: [] };
  if (typeof value !== 'object' || value === null) return undefined;
  if ('shape' in value && 'data' in value && Array.isArray(value.shape) && isVector(value.data))
    return { data: value.data, shape: value.shape };
  return isVector(value) ? { data: value, shape: undefined } : undefined;
}

function isVector(value: unknown): value is Vector {
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView);
  return Array.isArray(value) && value.every((item) => typeof item === 'number' || typeof item === 'bigint');
}

/** Row-major position as the index along each axis. */
function indexOf(position: number, shape: readonly number[]): string {
  const index: number[] = [];
  let rest = position;
  for (const extent of shape.toReversed()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return `[${index.join(', ')}]`;
}

const format = (x: number) => String(Number(x.toPrecision(7)));

export function toBeClose(actual: unknown, expected: unknown, { relative = 1e-5, absolute = 1e-8 }: Tolerance = {}) {
  const fail = (text: string) => ({ pass: false, message: () => `toBeClose: ${text}` });
  const left = read(actual);
  const right = read(expected);
  // Thrown, not reported, so that `.not.toBeClose` cannot pass on something that was never compared.
  if (!left || !right)
    throw new TypeError(
      `toBeClose: ${left ? 'the expected value' : 'the actual value'} is not a number, an array of numbers or a tensor`,
    );

  const { data, shape } = left;
  if (shape && right.shape && String(shape) !== String(right.shape))
    return fail(`expected shape [${right.shape.join(', ')}], but got [${shape.join(', ')}]`);
  if (data.length !== right.data.length) return fail(`expected ${right.data.length} elements, but got ${data.length}`);

  const differing: { position: number; got: number; wanted: number; off: number }[] = [];
  for (let position = 0; position < data.length; position++) {
    const got = Number(data[position]);
    const wanted = Number(right.data[position]);
    if (Object.is(got, wanted) || got === wanted) continue;
    const off = Math.abs(got - wanted);
    // Infinity · relative would allow everything, so an infinite expectation is met by itself alone (above).
    if (Number.isFinite(wanted) && off <= absolute + relative * Math.abs(wanted)) continue;
    differing.push({ position, got, wanted, off: Number.isNaN(off) ? Number.POSITIVE_INFINITY : off });
  }

  const within = `relative ${relative}, absolute ${absolute}`;
  const all = data.length === 1 ? 'the only element' : `all ${data.length} elements`;
  if (differing.length === 0)
    return { pass: true, message: () => `toBeClose: expected a difference, but ${all} agree (${within})` };

  const axes = shape ?? right.shape ?? [data.length];
  const where = (position: number) => (axes.length === 0 ? '' : ` at ${indexOf(position, axes)}`);
  const worst = differing.toSorted((a, b) => b.off - a.off || a.position - b.position).slice(0, listed);
  const lines = worst.map(
    ({ position, got, wanted, off }) =>
      `  off by ${format(off)}${where(position)}: expected ${format(wanted)}, but got ${format(got)}`,
  );
  if (differing.length > worst.length)
    lines.push(`  and ${differing.length - worst.length} more, the first${where(differing[0]?.position ?? 0)}`);
  const some = differing.length === data.length ? all : `${differing.length} of ${data.length} elements`;
  return fail(
    `${some} ${differing.length === 1 ? 'differs' : 'differ'} (${within}); largest first:\n${lines.join('\n')}`,
  );
}
