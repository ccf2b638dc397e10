/** Every op by name. An engine's table of lowerings must have an entry for each. */
import { allReduceOp } from './all-reduce.ts';
import { addOp, divideOp, multiplyOp, subtractOp } from './arithmetic.ts';
import { batchStatisticsOp, normaliseOp, normaliseSumsOp } from './batch-norm.ts';
import { logSoftmaxOp, oneHotOp } from './classify.ts';
import { castOp, greaterOp, isFiniteOp, selectOp } from './compare.ts';
import { concatOp } from './concat.ts';
import { conv2dInputGradientOp, conv2dOp, conv2dWeightGradientOp } from './conv2d.ts';
import { matmulOp } from './matmul.ts';
import { averagePool2dGradientOp, averagePool2dOp, maxPool2dGradientOp, maxPool2dOp } from './pool2d.ts';
import { broadcastToOp, sumOfSquaresOp, sumOp } from './reduce.ts';
import { reluGradientOp, reluOp } from './relu.ts';
import { reshapeOp, transposeOp } from './reshape.ts';
import { padOp, sliceOp } from './slice.ts';
import { expOp, logOp, sigmoidOp, sqrtOp } from './unary.ts';
import { waitForOp } from './wait-for.ts';

export const ops = {
  add: addOp,
  allReduce: allReduceOp,
  averagePool2d: averagePool2dOp,
  averagePool2dGradient: averagePool2dGradientOp,
  batchStatistics: batchStatisticsOp,
  broadcastTo: broadcastToOp,
  cast: castOp,
  concat: concatOp,
  conv2d: conv2dOp,
  conv2dInputGradient: conv2dInputGradientOp,
  conv2dWeightGradient: conv2dWeightGradientOp,
  divide: divideOp,
  exp: expOp,
  greater: greaterOp,
  isFinite: isFiniteOp,
  log: logOp,
  logSoftmax: logSoftmaxOp,
  matmul: matmulOp,
  maxPool2d: maxPool2dOp,
  maxPool2dGradient: maxPool2dGradientOp,
  multiply: multiplyOp,
  normalise: normaliseOp,
  normaliseSums: normaliseSumsOp,
  oneHot: oneHotOp,
  pad: padOp,
  relu: reluOp,
  reluGradient: reluGradientOp,
  reshape: reshapeOp,
  select: selectOp,
  sigmoid: sigmoidOp,
  slice: sliceOp,
  sqrt: sqrtOp,
  subtract: subtractOp,
  sum: sumOp,
  sumOfSquares: sumOfSquaresOp,
  transpose: transposeOp,
  waitFor: waitForOp,
} as const;

export type OpName = keyof typeof ops;
