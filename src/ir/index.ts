export { applyOne, applyOp, type Operand } from './apply.ts';
export { canonicalGraph } from './canonical-graph.ts';
export type { Connection, ConnectionKind, DenseEdge } from './connections.ts';
export { expectFoldable } from './fold-limit.ts';
export { freeze } from './freeze.ts';
export {
  type Feed,
  Graph,
  type Initialiser,
  type Node,
  type Provider,
  type RankSlices,
  type Source,
  type StateRole,
  type Value,
} from './graph.ts';
export { graphFromJson, graphToJson } from './graph-json.ts';
export { lastMap, type NamedMap } from './last-map.ts';
export { groupLayers, type Layer, type LayerCost, type LayerGroup, layersOf } from './layers.ts';
export { type Head, headOf, valueAt } from './named-values.ts';
export { type Array64, type Attributes, defineOp, type OpDefinition, type SampleInput, type TensorType } from './op.ts';
export { allReduce } from './ops/all-reduce.ts';
export { add, divide, multiply, subtract } from './ops/arithmetic.ts';
export { batchStatistics, normalise, normaliseSums, shareOfStatistics } from './ops/batch-norm.ts';
export { logSoftmax, oneHot } from './ops/classify.ts';
export { cast, finite, greater, select } from './ops/compare.ts';
export { concat } from './ops/concat.ts';
export { conv2d, conv2dInputGradient, conv2dWeightGradient } from './ops/conv2d.ts';
export type { ConvAttributes } from './ops/conv2d-samples.ts';
export { type OpName, ops } from './ops/index.ts';
export { matmul } from './ops/matmul.ts';
export { averagePool2d, maxPool2d, type PoolAttributes } from './ops/pool2d.ts';
export { broadcastTo, mean, sum, sumOfSquares } from './ops/reduce.ts';
export { relu, reluGradient } from './ops/relu.ts';
export { flatten, reshape, transpose } from './ops/reshape.ts';
export { pad, slice } from './ops/slice.ts';
export { exp, log, sigmoid, sqrt } from './ops/unary.ts';
export { waitFor } from './ops/wait-for.ts';
export type { Pair, Window } from './ops/window.ts';
export { countParams, macsOf, type Plan, plan } from './plan.ts';
export { defineProgram, initialState, liveNodes, type Program, results, withoutGuard } from './program.ts';
export { type ProgramData, programFromData, programToData } from './program-data.ts';
export { rebuild, sameLeaf } from './rebuild.ts';
export { largestReceptiveField, type ReceptiveField, receptiveFields } from './receptive-field.ts';
export { atScope, currentScope, isWithin, outermost, scope } from './scope.ts';
export { type Segment, segments } from './segments.ts';
export { type LayerKind, type NetworkStructure, structureOf } from './structure.ts';
export { walk } from './walk.ts';
