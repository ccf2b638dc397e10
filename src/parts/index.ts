export { Kind } from './kind.ts';
export {
  choice,
  decimalOf,
  type Needed,
  number,
  numbers,
  type Option,
  type OptionFlag,
  optional,
  textOf,
  whole,
  yesOrNo,
} from './option.ts';
export {
  definePart,
  expectKnown,
  type Filled,
  type Given,
  type ListedPart,
  makerOf,
  type Named,
  type Options,
  type Part,
  type PartRecord,
} from './part.ts';
