/** oneDNN's numbers for what descriptions name. Where versions 2 and 3 disagree there are two tables. */
import type { BinaryAlgorithm, EltwiseAlgorithm, PoolingAlgorithm } from './description.ts';
import type { DataType } from './layout.ts';

/** The numbers that differ between the versions. */
export interface Codes {
  readonly eltwise: Readonly<Record<EltwiseAlgorithm | 'reluByDst', number>>;
  readonly normalization: { readonly scale: number; readonly shift: number; readonly relu: number };
}

export const codesOfVersion2: Codes = {
  eltwise: { relu: 0x1f, linear: 0x7f, logistic: 0xaf, reluByDst: 0x100 },
  normalization: { scale: 0x8, shift: 0x10, relu: 0x4 },
};

export const codesOfVersion3: Codes = {
  eltwise: { relu: 0x20, linear: 0x26, logistic: 0x29, reluByDst: 0x100 },
  normalization: { scale: 0x2, shift: 0x4, relu: 0x8 },
};

export const globalStatistics = 0x1;

export const binaryCodes: Readonly<Record<BinaryAlgorithm, number>> = {
  add: 0x1fff0,
  mul: 0x1fff1,
  div: 0x1fff4,
  sub: 0x1fff5,
};

export const poolingCodes: Readonly<Record<PoolingAlgorithm, number>> = { max: 0x1ff, averageIncludePadding: 0x2ff };

export const convolutionCodes = { direct: 1, winograd: 2, auto: 3 } as const;
export const passCodes = { forwardTraining: 64, forwardInference: 96, backward: 128 } as const;

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
