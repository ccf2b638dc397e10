export { Kind } from './kind.ts';
export { choice, decimalOf, number, numbers, type Option, type OptionFlag, textOf, whole, yesOrNo } from './option.ts';
export {
  definePart,
  type Filled,
  type ListedPart,
  type Named,
  type Options,
  type Part,
  type PartRecord,
} from './part.ts';
