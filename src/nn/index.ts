export { adaptiveAveragePool } from './adaptive-average-pool.ts';
export { type Average, defineAverage } from './average.ts';
export { type BatchNormOptions, batchNorm } from './batch-norm.ts';
export { type ConvOptions, conv } from './conv.ts';
export { dropout } from './dropout.ts';
export type { Extent } from './extent.ts';
export { constant, heNormal, normal, uniformFanIn } from './initialisers.ts';
export { type LinearOptions, linear } from './linear.ts';
export {
  type BuildOptions,
  type BuiltNetwork,
  buildNetwork,
  defineNetwork,
  type ImageSize,
  type Network,
} from './network.ts';
export { defineObjective, type Objective, type ObjectiveInputs } from './objective.ts';
export { defineOptimiser, type Optimiser, type Parameter } from './optimiser.ts';
export { averagePool, globalAveragePool, maxPool, type PoolOptions } from './pool.ts';
export { sigmoidCrossEntropy } from './sigmoid-cross-entropy.ts';
export { softmaxCrossEntropy } from './softmax-cross-entropy.ts';
export { stochasticDepth } from './stochastic-depth.ts';
export type { CrossEntropyOptions } from './targets.ts';
