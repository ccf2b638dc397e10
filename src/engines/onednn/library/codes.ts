/** oneDNN's numbers for what descriptions name. Where versions 2 and 3 disagree there are two tables. */
import type {
  BinaryAlgorithm,
  DataType,
  EltwiseAlgorithm,
  PoolingAlgorithm,
  ReductionAlgorithm,
} from './description.ts';

/** The numbers that differ between the versions. */
export interface Codes {
  readonly eltwise: Readonly<Record<EltwiseAlgorithm, number>>;
  readonly normalization: { readonly scale: number; readonly shift: number; readonly relu: number };
  /** The argument number of the first post-op's operand, before the operand's own number is added. */
  readonly postOpBase: number;
}

const byDst = {
  reluByDst: 0x100,
  tanhByDst: 0x101,
  eluByDst: 0x102,
  sqrtByDst: 0x103,
  logisticByDst: 0x104,
  expByDst: 0x105,
};

export const codesOfVersion2: Codes = {
  eltwise: {
    relu: 0x1f,
    tanh: 0x2f,
    elu: 0x3f,
    square: 0x4f,
    abs: 0x5f,
    sqrt: 0x6f,
    linear: 0x7f,
    softRelu: 0x9f,
    logistic: 0xaf,
    exp: 0xbf,
    log: 0xef,
    clip: 0xff,
    pow: 0x20,
    round: 0x40,
    ...byDst,
  },
  normalization: { scale: 0x8, shift: 0x10, relu: 0x4 },
  postOpBase: 16384,
};

export const codesOfVersion3: Codes = {
  eltwise: {
    relu: 0x20,
    tanh: 0x21,
    elu: 0x22,
    square: 0x23,
    abs: 0x24,
    sqrt: 0x25,
    linear: 0x26,
    softRelu: 0x27,
    logistic: 0x29,
    exp: 0x2a,
    log: 0x2d,
    clip: 0x2e,
    pow: 0x30,
    round: 0x32,
    ...byDst,
  },
  normalization: { scale: 0x2, shift: 0x4, relu: 0x8 },
  postOpBase: 32768,
};

export const globalStatistics = 0x1;

export const binaryCodes: Readonly<Record<BinaryAlgorithm, number>> = {
  add: 0x1fff0,
  mul: 0x1fff1,
  max: 0x1fff2,
  min: 0x1fff3,
  div: 0x1fff4,
  sub: 0x1fff5,
  ge: 0x1fff6,
  gt: 0x1fff7,
  le: 0x1fff8,
  lt: 0x1fff9,
  eq: 0x1fffa,
  ne: 0x1fffb,
};

export const poolingCodes: Readonly<Record<PoolingAlgorithm, number>> = {
  max: 0x1ff,
  averageIncludePadding: 0x2ff,
  averageExcludePadding: 0x3ff,
};

export const reductionCodes: Readonly<Record<ReductionAlgorithm, number>> = {
  max: 0x2fff2,
  min: 0x2fff3,
  sum: 0x2fff4,
  mul: 0x2fff5,
  mean: 0x2fff6,
  normLpSum: 0x2fff8,
  normLpPowerPSum: 0x2fffa,
};

export const convolutionCodes = { direct: 1, winograd: 2, auto: 3 } as const;
export const softmaxCodes = { accurate: 0x30000, log: 0x30001 } as const;
export const passCodes = {
  forwardTraining: 64,
  forwardInference: 96,
  backward: 128,
  backwardData: 160,
  backwardWeights: 192,
} as const;

export const dataTypeCodes: Readonly<Record<DataType, number>> = { f16: 1, bf16: 2, f32: 3, s32: 4, s8: 5, u8: 6 };

export const dataTypeOfCode = (code: number): DataType | undefined =>
  (Object.keys(dataTypeCodes) as DataType[]).find((name) => dataTypeCodes[name] === code);

export const bytesOfDataType: Readonly<Record<DataType, number>> = { f16: 2, bf16: 2, f32: 4, s32: 4, s8: 1, u8: 1 };

export const queries = {
  inputs: 3,
  implementation: 8,
  executionArgument: 255,
  /** Of memory descriptors, in version 3 only. */
  strides: 14,
  axes: 256,
  dims: 257,
  dataType: 258,
  paddedDims: 260,
  formatKind: 262,
  innerBlocks: 263,
  innerBlockSizes: 264,
  innerBlockAxes: 265,
} as const;

const statuses = [
  'success',
  'out of memory',
  'invalid arguments',
  'unimplemented',
  'no more implementations',
  'runtime error',
  'not required',
];

export const statusName = (status: number): string => statuses[status] ?? `status ${status}`;
