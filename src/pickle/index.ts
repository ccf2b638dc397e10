export { ByteReader } from './byte-reader.ts';
export { PickleError } from './pickle-error.ts';
export type { PickleMeaning } from './pickle-instructions.ts';
export {
  describeValue,
  GlobalName,
  Opaque,
  type PickleValue,
  quote,
  Reference,
  Tuple,
  Unknown,
} from './pickle-value.ts';
export { unpickle } from './unpickle.ts';
