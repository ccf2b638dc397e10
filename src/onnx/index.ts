export { OnnxBuilder } from './builder.ts';
export { foldedWeight, turnedWeight, unfold } from './lower-convolution.ts';
export {
  type ImageShape,
  imageShape,
  type LoweringContext,
  type OnnxLowering,
  type OnnxLowerings,
} from './lowering.ts';
export { type OnnxModel, type OnnxOptions, toOnnx } from './model.ts';
export { portableLowerings } from './portable.ts';
