export { bytesOfDataType } from './codes.ts';
export type {
  ArgumentName,
  BinaryAlgorithm,
  EltwiseAlgorithm,
  PostOp,
  Primitive,
  PrimitiveDescription,
} from './description.ts';
export { speedIsKnown } from './install-command.ts';
export type { DataType, Layout } from './layout.ts';
export type { Address, Arena, Call, Library, Memory, Sgemm } from './library.ts';
export { libraryCandidates, namedLibrary } from './locate.ts';
export { isMissing, type MissingLibrary, missingKoffi } from './missing-library.ts';
export { loadNative } from './native.ts';
export { openLibrary } from './open-library.ts';
