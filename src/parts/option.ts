/** An option of a part: the values that it takes, in code and as text, its default, and a sentence about it. */

/** What a part is made with besides its name. */
export interface Option<Value> {
  /** What it is, after its name: `share of the last step that goes on`. */
  readonly about: string;
  /** Its values in words: `a number from 0 to 1`. */
  readonly takes: string;
  /** Where nothing is given; a function sees the options before it. */
  readonly default: Value | ((before: Readonly<Record<string, unknown>>) => Value);
  /** The default in words. */
  readonly defaultText: string;
  /** What to try instead of a value that it does not take. */
  readonly hint?: string;
  /** The flag of `skein train` that sets it for whichever part has it. */
  readonly flag?: OptionFlag;
  accepts(value: unknown): boolean;
  /** The value that a text stands for, which may be one that it does not take; undefined where it stands for none. */
  parse(text: string): unknown;
}

/** A flag as help shows it, such as `--momentum <m>`. */
export interface OptionFlag {
  readonly flags: string;
  /** What the flag stands for, where it takes no value. */
  readonly value?: unknown;
  /** Instead of the option's own sentence. */
  readonly about?: string;
}

type Common<Value> = Pick<Option<Value>, 'about' | 'default'> &
  Partial<Pick<Option<Value>, 'defaultText' | 'hint' | 'flag'>>;

interface Bounds {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
}

/** A number within bounds; finite where they leave it open. */
export const number = (option: Common<number> & Bounds): Option<number> =>
  optionOf(option, {
    takes: withBounds('a number', option),
    accepts: (value) => Number.isFinite(value) && isWithin(value as number, option),
    parse: decimalOf,
  });

/** A whole number within bounds. */
export const whole = (option: Common<number> & Bounds): Option<number> =>
  optionOf(option, {
    takes: withBounds('a whole number', option),
    accepts: (value) => Number.isSafeInteger(value) && isWithin(value as number, option),
    parse: decimalOf,
  });

/** As many numbers as there should be, or any number of them; as text `0.9/0.999`. */
export const numbers = (option: Common<readonly number[]> & Bounds & { readonly count?: number }) =>
  optionOf<readonly number[]>(option, {
    takes: `${option.count === undefined ? 'numbers' : `${option.count} numbers`}${boundsOf(option)}`,
    accepts: (value) =>
      Array.isArray(value) &&
      (option.count === undefined || value.length === option.count) &&
      value.every((item) => Number.isFinite(item) && isWithin(item, option)),
    parse: (text) => text.split('/').map((item) => decimalOf(item) ?? item),
  });

/** Yes or no; as text the name alone, or `=true`. */
export const yesOrNo = (option: Common<boolean>): Option<boolean> =>
  optionOf(option, {
    takes: 'true or false',
    accepts: (value) => typeof value === 'boolean',
    parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
  });

/** One of some words. */
export const choice = <Word extends string>(words: readonly Word[], option: Common<Word>): Option<Word> =>
  optionOf(option, {
    takes: words.length === 2 ? words.join(' or ') : `one of ${words.join(', ')}`,
    accepts: (value) => words.includes(value as Word),
    parse: (text) => text,
  });

const optionOf = <Value>(
  { about, default: initial, defaultText = textOf(initial), hint, flag: ownFlag }: Common<Value>,
  kind: Pick<Option<Value>, 'takes' | 'accepts' | 'parse'>,
): Option<Value> => ({
  about,
  default: initial,
  defaultText,
  ...(hint !== undefined && { hint }),
  ...(ownFlag && { flag: ownFlag }),
  ...kind,
});

/** A value as options are written: 0.9, true, 0.5/0.75. */
export const textOf = (value: unknown): string => (Array.isArray(value) ? value.join('/') : String(value));

/** 0.1, 1e-4; undefined for what is no decimal number, such as 0x1. */
export function decimalOf(text: string): number | undefined {
  const value = Number(text);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(value) ? value : undefined;
}

const isWithin = (value: number, { from, above, to, below }: Bounds) =>
  (from === undefined || value >= from) &&
  (above === undefined || value > above) &&
  (to === undefined || value <= to) &&
  (below === undefined || value < below);

function withBounds(what: string, bounds: Bounds): string {
  const { from, above, to, below } = bounds;
  if (from !== undefined && to === undefined && below === undefined) return `${what} of at least ${from}`;
  return above === undefined && from === undefined && to === undefined && below === undefined
    ? what
    : `${what}${boundsOf(bounds)}`;
}

function boundsOf({ from, above, to, below }: Bounds): string {
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  const least = from === undefined ? above !== undefined && ` above ${above}` : ` of at least ${from}`;
  const most = to === undefined ? below !== undefined && ` below ${below}` : ` at most ${to}`;
  return [least, most].filter((words) => words !== false).join(' and');
}
