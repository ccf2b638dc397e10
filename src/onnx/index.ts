export { OnnxBuilder } from './builder.ts';
export { type Convolution, convolutionLowerings, plainConvolution, windowAttributes } from './lower-convolution.ts';
export { measuredShare } from './lower-normalisation.ts';
export { inputShape, type LoweringContext, type OnnxLowering, type OnnxLowerings } from './lowering.ts';
export { type OnnxPort, type OnnxSignature, onnxMetadata, onnxSignature } from './metadata.ts';
export { type OnnxModel, type OnnxOptions, toOnnx } from './model.ts';
export { portableLowerings } from './portable.ts';
export { type OnnxWeights, readOnnxWeights } from './read-onnx-weights.ts';
