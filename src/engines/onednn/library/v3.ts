/** The C interface of oneDNN 3: descriptors are handles, and primitive descriptors are made directly. */
import { EngineError } from '../../../tensor/index.ts';
import {
  type Binding,
  type DescribeContext,
  dimensions,
  expectSuccess,
  type Made,
  made,
  NativeLayout,
  nativeOf,
} from './binding.ts';
import {
  binaryCodes,
  codesOfVersion3 as codes,
  convolutionCodes,
  dataTypeCodes,
  dataTypeOfCode,
  globalStatistics,
  passCodes,
  poolingCodes,
  queries,
} from './codes.ts';
import type { PrimitiveDescription } from './description.ts';
import { formatName } from './format-name.ts';
import type { DataType } from './layout.ts';
import type { CValue, Native, SharedLibrary } from './native.ts';

export function bindVersion3(native: Native, library: SharedLibrary): Binding {
  const f = functions(library);
  const kept = new KeptLayouts(native, f);

  return {
    codes,
    layoutByStrides(dims, dataType, strides) {
      const { status, address } = made(
        f.createByStrides,
        dims.length,
        dimensions(dims),
        dataTypeCodes[dataType],
        dimensions(strides),
      );
      const layout = status === 0 ? kept.keep(address) : undefined;
      if (layout) return layout;
      throw new EngineError(
        `layout: the library refuses dims [${dims.join(', ')}] with strides [${strides.join(', ')}]`,
      );
    },
    layoutByTag(dims: readonly number[], dataType: DataType, tag: number) {
      const { status, address } = made(f.createByTag, dims.length, dimensions(dims), dataTypeCodes[dataType], tag);
      return status === 0 ? kept.keep(address) : undefined;
    },
    layoutOfPart(whole, dims, offsets) {
      const { status, address } = made(f.createPart, whole.native, dimensions(dims), dimensions(offsets));
      return status === 0 ? kept.keep(address) : undefined;
    },
    adopt(address) {
      if (address === 0n) return undefined;
      const copy = made(f.clone, address);
      expectSuccess(copy.status, 'a layout cannot be copied');
      return kept.keep(copy.address);
    },
    describe: (context, description) => describe(f, context, description),
    appendSum: (postOps) => f.appendSum(postOps, 1, 0, 0),
    appendEltwise: (postOps, algorithm, alpha, beta) => f.appendEltwise(postOps, algorithm, alpha, beta),
    destroy: () => kept.destroy(),
  };
}

/** Equal layouts share one handle, so that their number stays small and all live as long as the library. */
class KeptLayouts {
  readonly #native: Native;
  readonly #functions: Functions;
  readonly #byName = new Map<string, NativeLayout[]>();

  constructor(native: Native, functions: Functions) {
    this.#native = native;
    this.#functions = functions;
  }

  /** Takes over a handle. Undefined for an empty layout. */
  keep(handle: bigint): NativeLayout | undefined {
    const f = this.#functions;
    const same = (one: CValue, other: CValue) => f.equal(one, other) !== 0;
    const facts = this.#factsOf(handle);
    if (!facts) {
      f.destroy(handle);
      return undefined;
    }
    const name = `${facts.dataType} [${facts.dims}] ${facts.format} ${facts.bytes}`;
    const known = this.#byName.get(name) ?? [];
    const twin = known.find(({ native }) => same(native, handle));
    if (twin) {
      f.destroy(handle);
      return twin;
    }
    const layout = new NativeLayout(facts, handle, same);
    this.#byName.set(name, [...known, layout]);
    return layout;
  }

  destroy(): void {
    for (const layout of [...this.#byName.values()].flat()) {
      this.#functions.destroy(layout.native);
      layout.end();
    }
    this.#byName.clear();
  }

  #factsOf(handle: bigint) {
    const int = (what: number) => {
      const result = new Int32Array(2);
      expectSuccess(this.#functions.query(handle, what, result), 'a layout cannot be read');
      return result[0] as number;
    };
    const numbers = (what: number, count: number) => {
      const result = new BigUint64Array(1);
      expectSuccess(this.#functions.query(handle, what, result), 'a layout cannot be read');
      if (count === 0) return [];
      const copy = this.#native.bytesAt(result[0] as bigint, count * 8).slice();
      return [...new BigInt64Array(copy.buffer)].map(Number);
    };
    const axes = int(queries.axes);
    const dataType = axes === 0 ? undefined : dataTypeOfCode(int(queries.dataType));
    if (dataType === undefined) return undefined;
    const facts = { dims: numbers(queries.dims, axes), dataType, bytes: Number(this.#functions.size(handle)) };
    const kind = int(queries.formatKind);
    if (kind !== 2) return { ...facts, format: kind === 1 ? 'any' : 'opaque' };
    const count = int(queries.innerBlocks);
    const sizes = numbers(queries.innerBlockSizes, count);
    const blockAxes = numbers(queries.innerBlockAxes, count);
    const format = formatName({
      dims: facts.dims,
      paddedDims: numbers(queries.paddedDims, axes),
      strides: numbers(queries.strides, axes),
      blocks: sizes.map((size, i) => ({ size, axis: blockAxes[i] as number })),
    });
    return { ...facts, format };
  }
}

type Functions = ReturnType<typeof functions>;

function functions(library: SharedLibrary) {
  const p = 'void *';
  const find = library.status;
  /** Every creator of a primitive descriptor begins with where to put it and the engine. */
  const creator = (name: string, ...parameters: string[]) =>
    find(`dnnl_${name}_primitive_desc_create`, p, p, ...parameters);
  const window = [p, p, p, p] as const;
  return {
    equal: find('dnnl_memory_desc_equal', p, p),
    size: library.pointer('dnnl_memory_desc_get_size', p),
    query: find('dnnl_memory_desc_query', p, 'int', p),
    clone: find('dnnl_memory_desc_clone', p, p),
    destroy: find('dnnl_memory_desc_destroy', p),
    createByStrides: find('dnnl_memory_desc_create_with_strides', p, 'int', p, 'int', p),
    createByTag: find('dnnl_memory_desc_create_with_tag', p, 'int', p, 'int', 'int'),
    createPart: find('dnnl_memory_desc_create_submemory', p, p, p, p),
    appendSum: find('dnnl_post_ops_append_sum', p, 'float', 'int', 'int'),
    appendEltwise: find('dnnl_post_ops_append_eltwise', p, 'int', 'float', 'float'),
    reorder: find('dnnl_reorder_primitive_desc_create', p, p, p, p, p, p),
    concat: creator('concat', p, 'int', 'int', p, p),
    sum: creator('sum', p, 'int', p, p, p),
    convolution: creator('convolution_forward', 'int', 'int', p, p, p, p, ...window, p),
    convolutionData: creator('convolution_backward_data', 'int', p, p, p, ...window, p, p),
    convolutionWeights: creator('convolution_backward_weights', 'int', p, p, p, p, ...window, p, p),
    normalization: creator('batch_normalization_forward', 'int', p, p, 'float', 'uint', p),
    normalizationBackward: creator('batch_normalization_backward', 'int', p, p, p, 'float', 'uint', p, p),
    pooling: creator('pooling_forward', 'int', 'int', p, p, p, ...window, p),
    poolingBackward: creator('pooling_backward', 'int', p, p, p, ...window, p, p),
    eltwise: creator('eltwise_forward', 'int', 'int', p, p, 'float', 'float', p),
    eltwiseBackward: creator('eltwise_backward', 'int', p, p, p, 'float', 'float', p, p),
    innerProduct: creator('inner_product_forward', 'int', p, p, p, p, p),
    binary: creator('binary', 'int', p, p, p, p),
    matmul: creator('matmul', p, p, p, p, p),
  };
}

function describe(f: Functions, context: DescribeContext, d: PrimitiveDescription): Made {
  const { engine: e, attributes: a } = context;
  const hint = context.hint === 0n ? null : context.hint;
  const n = nativeOf;
  switch (d.kind) {
    case 'reorder':
      return made(f.reorder, n(d.src), e, n(d.dst), e, a);
    case 'concat':
      return made(f.concat, e, n(d.dst), d.sources.length, d.axis, BigUint64Array.from(d.sources, handleOf), a);
    case 'sum': {
      const scales = Float32Array.from(d.scales);
      return made(f.sum, e, n(d.dst), d.sources.length, scales, BigUint64Array.from(d.sources, handleOf), a);
    }
    case 'convolution': {
      const algorithm = convolutionCodes[d.algorithm ?? 'auto'];
      const dilation = d.dilation ?? d.strides.map(() => 0);
      const window = [d.strides, dilation, d.padding.before, d.padding.after].map(dimensions);
      if (d.pass === 'backwardData')
        return made(f.convolutionData, e, algorithm, n(d.diffSrc), n(d.weights), n(d.diffDst), ...window, hint, a);
      if (d.pass === 'backwardWeights')
        return made(
          f.convolutionWeights,
          e,
          algorithm,
          n(d.src),
          n(d.diffWeights),
          null,
          n(d.diffDst),
          ...window,
          hint,
          a,
        );
      return made(
        f.convolution,
        e,
        passCodes[d.pass],
        algorithm,
        n(d.src),
        n(d.weights),
        n(d.bias),
        n(d.dst),
        ...window,
        a,
      );
    }
    case 'batchNormalization': {
      const { scale, shift, relu } = codes.normalization;
      const flags =
        (d.useGlobalStatistics ? globalStatistics : 0) |
        (d.useScale ? scale : 0) |
        (d.useShift ? shift : 0) |
        (d.fuseRelu ? relu : 0);
      const pass = passCodes[d.pass];
      if (d.pass === 'backward')
        return made(f.normalizationBackward, e, pass, n(d.diffSrc), n(d.diffDst), n(d.src), d.epsilon, flags, hint, a);
      return made(f.normalization, e, pass, n(d.src), n(d.dst), d.epsilon, flags, a);
    }
    case 'pooling': {
      // version 3 wants the dilation, where 0 is none
      const dilation = d.strides.map(() => 0);
      const window = [d.strides, d.kernel, dilation, d.padding.before, d.padding.after].map(dimensions);
      const algorithm = poolingCodes[d.algorithm];
      if (d.pass === 'backward')
        return made(f.poolingBackward, e, algorithm, n(d.diffSrc), n(d.diffDst), ...window, hint, a);
      return made(f.pooling, e, passCodes[d.pass], algorithm, n(d.src), n(d.dst), ...window, a);
    }
    case 'eltwise': {
      const algorithm = codes.eltwise[d.algorithm];
      const [alpha, beta] = [d.alpha ?? 0, d.beta ?? 0];
      if (d.pass === 'backward')
        return made(f.eltwiseBackward, e, algorithm, n(d.diffSrc), n(d.diffDst), n(d.data), alpha, beta, hint, a);
      return made(f.eltwise, e, passCodes[d.pass], algorithm, n(d.src), n(d.dst), alpha, beta, a);
    }
    case 'innerProduct':
      return made(f.innerProduct, e, passCodes[d.pass], n(d.src), n(d.weights), null, n(d.dst), a);
    case 'binary':
      return made(f.binary, e, binaryCodes[d.algorithm], n(d.src), n(d.src1), n(d.dst), a);
    case 'matmul':
      return made(f.matmul, e, n(d.src), n(d.weights), n(d.bias), n(d.dst), a);
  }
}

const handleOf = (layout: Parameters<typeof nativeOf>[0]): bigint => nativeOf(layout) as bigint;
