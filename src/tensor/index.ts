export {
  CheckpointError,
  ConfigError,
  DataError,
  EngineError,
  ShapeError,
  SkeinError,
  TrainingError,
} from './errors.ts';
export { nearestName } from './nearest-name.ts';
export { quoted } from './quoted.ts';
export { Random } from './random.ts';
export { bfloat16ToFloat32, decodeSafetensors, encodeSafetensors, float16ToFloat32 } from './safetensors.ts';
export { broadcastShapes, formatShape, type Shape, sameShape, sizeOf, stridesOf } from './shape.ts';
export { bytesPerElement, type DataOf, type Dtype, type Tensor, tensor, viewBytes, zeros } from './tensor.ts';
