/** The C interface of oneDNN 2: descriptors are plain structs, kept here as bytes of JavaScript. */
import { EngineError } from '../../../tensor/index.ts';
import { type Binding, type DescribeContext, dimensions, type Made, made, NativeLayout, nativeOf } from './binding.ts';
import {
  binaryCodes,
  codesOfVersion2 as codes,
  convolutionCodes,
  dataTypeCodes,
  dataTypeOfCode,
  globalStatistics,
  passCodes,
  poolingCodes,
} from './codes.ts';
import type { PrimitiveDescription } from './description.ts';
import { formatName } from './format-name.ts';
import type { DataType, Layout } from './layout.ts';
import type { CValue, Native, SharedLibrary } from './native.ts';

/** sizeof(dnnl_memory_desc_t), and where its fields begin. */
const descriptorBytes = 696;
const at = {
  dims: 8,
  dataType: 104,
  paddedDims: 112,
  formatKind: 312,
  strides: 320,
  blocks: 416,
  blockSizes: 424,
  blockAxes: 520,
} as const;

/** More than any operation descriptor takes (5,976 bytes for a convolution). */
const operationBytes = 16384;

/** The library copies it into what it makes. */
const operation = new Uint8Array(operationBytes);

export function bindVersion2(native: Native, library: SharedLibrary): Binding {
  const f = functions(library);
  const same = (one: CValue, other: CValue) => f.equal(one, other) !== 0;

  // equal descriptors are one layout: a network has thousands of uses of a few hundred
  const known = new Map<string, NativeLayout | undefined>();
  const layoutOf = (bytes: Uint8Array<ArrayBuffer>): NativeLayout | undefined => {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    if (!known.has(key)) known.set(key, readLayout(bytes));
    return known.get(key);
  };

  const readLayout = (bytes: Uint8Array<ArrayBuffer>): NativeLayout | undefined => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const axes = view.getInt32(0, true);
    const dataType = dataTypeOfCode(view.getInt32(at.dataType, true));
    if (axes === 0 || dataType === undefined) return undefined;
    const numbers = (offset: number, count: number) =>
      Array.from({ length: count }, (_, i) => Number(view.getBigInt64(offset + 8 * i, true)));
    const dims = numbers(at.dims, axes);
    const kind = view.getInt32(at.formatKind, true);
    const facts = { dims, dataType, bytes: Number(f.size(bytes)) };
    if (kind !== 2) return new NativeLayout({ ...facts, format: kind === 1 ? 'any' : 'opaque' }, bytes, same);
    const count = view.getInt32(at.blocks, true);
    const sizes = numbers(at.blockSizes, count);
    const blockAxes = numbers(at.blockAxes, count);
    const format = formatName({
      dims,
      paddedDims: numbers(at.paddedDims, axes),
      strides: numbers(at.strides, axes),
      blocks: sizes.map((size, i) => ({ size, axis: blockAxes[i] as number })),
    });
    return new NativeLayout({ ...facts, format }, bytes, same);
  };

  const initialised = (init: (bytes: Uint8Array) => number): NativeLayout | undefined => {
    const bytes = new Uint8Array(descriptorBytes);
    return init(bytes) === 0 ? layoutOf(bytes) : undefined;
  };

  return {
    codes,
    layoutByStrides(dims, dataType, strides) {
      const layout = initialised((bytes) =>
        f.initByStrides(bytes, dims.length, dimensions(dims), dataTypeCodes[dataType], dimensions(strides)),
      );
      if (layout) return layout;
      throw new EngineError(
        `layout: the library refuses dims [${dims.join(', ')}] with strides [${strides.join(', ')}]`,
      );
    },
    layoutByTag: (dims: readonly number[], dataType: DataType, tag: number) =>
      initialised((bytes) => f.initByTag(bytes, dims.length, dimensions(dims), dataTypeCodes[dataType], tag)),
    layoutOfPart: (whole, dims, offsets) =>
      initialised((bytes) => f.initPart(bytes, whole.native, dimensions(dims), dimensions(offsets))),
    adopt: (address) => (address === 0n ? undefined : layoutOf(native.bytesAt(address, descriptorBytes))),
    describe: (context, description) => describe(f, context, description),
    appendSum: (postOps) => f.appendSum(postOps, 1),
    appendEltwise: (postOps, algorithm, alpha, beta) => f.appendEltwise(postOps, 1, algorithm, alpha, beta),
    destroy: () => known.clear(),
  };
}

type Functions = ReturnType<typeof functions>;

function functions(library: SharedLibrary) {
  const p = 'void *';
  const find = library.status;
  const window = [p, p, p, p] as const;
  return {
    equal: find('dnnl_memory_desc_equal', p, p),
    size: library.pointer('dnnl_memory_desc_get_size', p),
    initByStrides: find('dnnl_memory_desc_init_by_strides', p, 'int', p, 'int', p),
    initByTag: find('dnnl_memory_desc_init_by_tag', p, 'int', p, 'int', 'int'),
    initPart: find('dnnl_memory_desc_init_submemory', p, p, p, p),
    appendSum: find('dnnl_post_ops_append_sum', p, 'float'),
    appendEltwise: find('dnnl_post_ops_append_eltwise', p, 'float', 'int', 'float', 'float'),
    create: find('dnnl_primitive_desc_create', p, p, p, p, p),
    reorder: find('dnnl_reorder_primitive_desc_create', p, p, p, p, p, p),
    concat: find('dnnl_concat_primitive_desc_create', p, p, 'int', 'int', p, p, p),
    sum: find('dnnl_sum_primitive_desc_create', p, p, 'int', p, p, p, p),
    convolution: find('dnnl_dilated_convolution_forward_desc_init', p, 'int', 'int', p, p, p, p, ...window),
    convolutionData: find('dnnl_dilated_convolution_backward_data_desc_init', p, 'int', p, p, p, ...window),
    convolutionWeights: find('dnnl_dilated_convolution_backward_weights_desc_init', p, 'int', p, p, p, p, ...window),
    normalization: find('dnnl_batch_normalization_forward_desc_init', p, 'int', p, 'float', 'uint'),
    normalizationBackward: find('dnnl_batch_normalization_backward_desc_init', p, 'int', p, p, 'float', 'uint'),
    pooling: find('dnnl_pooling_forward_desc_init', p, 'int', 'int', p, p, ...window),
    poolingBackward: find('dnnl_pooling_backward_desc_init', p, 'int', p, p, ...window),
    eltwise: find('dnnl_eltwise_forward_desc_init', p, 'int', 'int', p, 'float', 'float'),
    eltwiseBackward: find('dnnl_eltwise_backward_desc_init', p, 'int', p, p, 'float', 'float'),
    innerProduct: find('dnnl_inner_product_forward_desc_init', p, 'int', p, p, p, p),
    binary: find('dnnl_binary_desc_init', p, 'int', p, p, p),
    matmul: find('dnnl_matmul_desc_init', p, p, p, p, p),
  };
}

function describe(
  f: Functions,
  { engine, attributes, hint }: DescribeContext,
  description: PrimitiveDescription,
): Made {
  switch (description.kind) {
    case 'reorder': {
      const { src, dst } = description;
      return made(f.reorder, nativeOf(src), engine, nativeOf(dst), engine, attributes);
    }
    case 'concat': {
      const { sources, dst, axis } = description;
      return made(f.concat, nativeOf(dst), sources.length, axis, joined(sources), attributes, engine);
    }
    case 'sum': {
      const { sources, dst, scales } = description;
      return made(f.sum, nativeOf(dst), sources.length, Float32Array.from(scales), joined(sources), attributes, engine);
    }
    default: {
      operation.fill(0);
      const status = initialise(f, operation, description);
      if (status !== 0) return { status, address: 0n };
      return made(f.create, operation, attributes, engine, hint === 0n ? null : hint);
    }
  }
}

type Described = Exclude<PrimitiveDescription, { kind: 'reorder' | 'concat' | 'sum' }>;

/** Fills an operation descriptor. */
function initialise(f: Functions, operation: Uint8Array, d: Described): number {
  const n = nativeOf;
  switch (d.kind) {
    case 'convolution': {
      const algorithm = convolutionCodes[d.algorithm ?? 'auto'];
      const dilation = d.dilation ?? d.strides.map(() => 0);
      const window = [d.strides, dilation, d.padding.before, d.padding.after].map(dimensions);
      if (d.pass === 'backwardData')
        return f.convolutionData(operation, algorithm, n(d.diffSrc), n(d.weights), n(d.diffDst), ...window);
      if (d.pass === 'backwardWeights')
        return f.convolutionWeights(operation, algorithm, n(d.src), n(d.diffWeights), null, n(d.diffDst), ...window);
      return f.convolution(
        operation,
        passCodes[d.pass],
        algorithm,
        n(d.src),
        n(d.weights),
        n(d.bias),
        n(d.dst),
        ...window,
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
        return f.normalizationBackward(operation, pass, n(d.diffDst), n(d.src), d.epsilon, flags);
      return f.normalization(operation, pass, n(d.src), d.epsilon, flags);
    }
    case 'pooling': {
      const window = [d.strides, d.kernel, d.padding.before, d.padding.after].map(dimensions);
      const algorithm = poolingCodes[d.algorithm];
      if (d.pass === 'backward') return f.poolingBackward(operation, algorithm, n(d.diffSrc), n(d.diffDst), ...window);
      return f.pooling(operation, passCodes[d.pass], algorithm, n(d.src), n(d.dst), ...window);
    }
    case 'eltwise': {
      const algorithm = codes.eltwise[d.algorithm];
      const [alpha, beta] = [d.alpha ?? 0, d.beta ?? 0];
      if (d.pass === 'backward') return f.eltwiseBackward(operation, algorithm, n(d.diffDst), n(d.data), alpha, beta);
      return f.eltwise(operation, passCodes[d.pass], algorithm, n(d.src), alpha, beta);
    }
    case 'innerProduct':
      return f.innerProduct(operation, passCodes[d.pass], n(d.src), n(d.weights), null, n(d.dst));
    case 'binary':
      return f.binary(operation, binaryCodes[d.algorithm], n(d.src), n(d.src1), n(d.dst));
    case 'matmul':
      return f.matmul(operation, n(d.src), n(d.weights), n(d.bias), n(d.dst));
  }
}

/** Descriptors one behind the other, as version 2 takes them. */
function joined(layouts: readonly Layout[]): Uint8Array {
  return Buffer.concat(layouts.map((layout) => nativeOf(layout) as Uint8Array));
}
