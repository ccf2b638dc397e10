/** What versions 2 and 3 of the C interface do differently, and what they share below the library's objects. */
import { EngineError } from '../../../tensor/index.ts';
import { bytesOfDataType, type Codes, statusName } from './codes.ts';
import type { PrimitiveDescription } from './description.ts';
import { denseStrides } from './format-name.ts';
import type { DataType, Layout } from './layout.ts';
import type { CValue } from './native.ts';

/** An address that a C function left behind, or why it did not. */
export interface Made {
  readonly status: number;
  readonly address: bigint;
}

/** One version of the C interface. */
export interface Binding {
  readonly codes: Codes;
  /** Dims and strides are in elements. */
  layoutByStrides(dims: readonly number[], dataType: DataType, strides: readonly number[]): NativeLayout;
  /** Undefined where the library refuses the tag. */
  layoutByTag(dims: readonly number[], dataType: DataType, tag: number): NativeLayout | undefined;
  /** A box of another layout's tensor. Undefined where it cuts blocks. */
  layoutOfPart(whole: NativeLayout, dims: readonly number[], offsets: readonly number[]): NativeLayout | undefined;
  /** A layout of the library's, kept beyond its owner's life; undefined for an empty one. */
  adopt(address: bigint): NativeLayout | undefined;
  /** Makes a primitive descriptor. */
  describe(context: DescribeContext, description: PrimitiveDescription): Made;
  appendSum(postOps: bigint): number;
  appendEltwise(postOps: bigint, algorithm: number, alpha: number, beta: number): number;
  destroy(): void;
}

export interface DescribeContext {
  readonly engine: bigint;
  readonly attributes: bigint;
  /** The forward pass's descriptor, or 0. */
  readonly hint: bigint;
}

/** A memory descriptor: bytes of our own in version 2, an address in version 3. */
export class NativeLayout implements Layout {
  readonly dims: readonly number[];
  readonly dataType: DataType;
  readonly bytes: number;
  readonly format: string;
  #native: CValue | undefined;
  readonly #same: (one: CValue, other: CValue) => boolean;

  constructor(
    facts: { dims: readonly number[]; dataType: DataType; bytes: number; format: string },
    native: CValue,
    same: (one: CValue, other: CValue) => boolean,
  ) {
    this.dims = facts.dims;
    this.dataType = facts.dataType;
    this.bytes = facts.bytes;
    this.format = facts.format;
    this.#native = native;
    this.#same = same;
  }

  /** What C functions take. @throws EngineError where the library took it back */
  get native(): CValue {
    if (this.#native === undefined) throw new EngineError('layout: its library was disposed of');
    return this.#native;
  }

  /** From now on it can only be looked at. */
  end(): void {
    this.#native = undefined;
  }

  equals(other: Layout): boolean {
    return this === other || (other instanceof NativeLayout && this.#same(this.native, other.native));
  }
}

/** What C takes for a layout that may be absent. @throws EngineError where the layout is not of this binding */
export function nativeOf(layout: Layout | undefined): CValue {
  if (layout === undefined) return null;
  if (layout instanceof NativeLayout) return layout.native;
  throw new EngineError('onednn: expected a layout made by a library, but got another object');
}

const anyTag = 1;
const lastTag = 2000;

/** Makes layouts by name. Blocked tags are found by asking the library, whose numbers change with its version. */
export class LayoutMaker {
  readonly #binding: Binding;
  readonly #tags = new Map<number, Map<string, number>>();
  readonly #made = new Map<string, NativeLayout>();

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** One for each tensor of one kind. @throws EngineError where the library has no such layout */
  make(
    dims: readonly number[],
    dataType: DataType,
    format: string | { readonly strides: readonly number[] },
  ): NativeLayout {
    const key = `${dims} ${dataType} ${typeof format === 'string' ? format : format.strides}`;
    const known = this.#made.get(key);
    if (known) return known;
    const layout = this.#make(dims, dataType, format);
    this.#made.set(key, layout);
    return layout;
  }

  #make(
    dims: readonly number[],
    dataType: DataType,
    format: string | { readonly strides: readonly number[] },
  ): NativeLayout {
    if (dims.length === 0 || dims.length > 12 || !dims.every((size) => Number.isSafeInteger(size) && size > 0))
      throw new EngineError(`layout: expected 1 to 12 positive sizes, but got [${dims.join(', ')}]`);
    if (bytesOfDataType[dataType] === undefined)
      throw new EngineError(`layout: unknown data type \`${dataType}\`; there are ${Object.keys(bytesOfDataType)}`);
    if (typeof format !== 'string') return this.#binding.layoutByStrides(dims, dataType, format.strides);
    const strides = denseStrides(dims, format);
    if (strides) return this.#binding.layoutByStrides(dims, dataType, strides);
    const tag = format === 'any' ? anyTag : this.#tagsOf(dims.length).get(format);
    const layout = tag === undefined ? undefined : this.#binding.layoutByTag(dims, dataType, tag);
    if (layout) return layout;
    throw new EngineError(
      `layout: the library knows no \`${format}\` of ${dims.length} axes; dims [${dims.join(', ')}], ${dataType}`,
      'a format is a letter for each axis and the blocks, such as `aBcd16b`',
    );
  }

  part(whole: Layout, dims: readonly number[], offsets: readonly number[]): NativeLayout | undefined {
    return whole instanceof NativeLayout ? this.#binding.layoutOfPart(whole, dims, offsets) : undefined;
  }

  /** Every blocked format of as many axes, with its number. */
  #tagsOf(axes: number): Map<string, number> {
    const known = this.#tags.get(axes);
    if (known) return known;
    const tags = new Map<string, number>();
    // all different, and longer than a block, so that each order has one name
    const dims = Array.from({ length: axes }, (_, axis) => 129 + axis);
    for (let tag = anyTag + 1; tag < lastTag; tag++) {
      const format = this.#binding.layoutByTag(dims, 'f32', tag)?.format;
      if (format !== undefined && !tags.has(format)) tags.set(format, tag);
    }
    this.#tags.set(axes, tags);
    return tags;
  }
}

/** Calls a function whose first parameter receives an address. */
export function made(call: (...values: CValue[]) => number, ...values: CValue[]): Made {
  const result = new BigUint64Array(1);
  const status = call(result, ...values);
  return { status, address: status === 0 ? (result[0] as bigint) : 0n };
}

/** @throws EngineError */
export function expectSuccess(status: number, what: string): void {
  if (status !== 0) throw new EngineError(`onednn: ${what}: ${statusName(status)}`);
}

/** As C takes dims, strides and padding: twelve 64-bit numbers. */
export function dimensions(values: readonly number[]): BigInt64Array {
  const result = new BigInt64Array(12);
  values.forEach((value, i) => {
    result[i] = BigInt(value);
  });
  return result;
}
