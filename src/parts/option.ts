/** An option of a part: the values that it takes, in code and as text, its default, and a sentence about it. */

/** What a part is made with besides its name. */
export interface Option<Value> {
  /** What it is, after its name: `share of the last step that goes on`. */
  readonly about: string;
  /** Its values in words: `a number from 0 to 1`. */
  readonly takes: string;
  /** Whether it has no default and must be given. */
  readonly isNeeded: boolean;
  /** Where nothing is given; a function sees the options before it. */
  readonly default?: Value | ((before: Readonly<Record<string, unknown>>) => Value);
  /** The default in words; empty where there is none. */
  readonly defaultText: string;
  /** What to try instead of a value that it does not take. */
  readonly hint?: string;
  /** The flag of `skein train` that sets it for whichever part has it. */
  readonly flag?: OptionFlag;
  accepts(value: unknown): boolean;
  /** The value that a text stands for, which may be one that it does not take; undefined where it stands for none. */
  parse(text: string): unknown;
}

/** An option that must be given. */
export interface Needed<Value> extends Option<Value> {
  readonly isNeeded: true;
}

/** A flag as help shows it, such as `--momentum <m>`. */
export interface OptionFlag {
  readonly flags: string;
  /** What the flag stands for, where it takes no value. */
  readonly value?: unknown;
  /** Instead of the option's own sentence. */
  readonly about?: string;
}

/** What is said of an option of any kind. */
type Description = Pick<Option<unknown>, 'about'> & Partial<Pick<Option<unknown>, 'defaultText' | 'hint' | 'flag'>>;

type WithDefault<Value> = Description & Required<Pick<Option<Value>, 'default'>>;

/** An option of a kind from its description; without a default it must be given. */
interface OptionKind<Value, Own = unknown> {
  (description: WithDefault<Value> & Own): Option<Value>;
  (description: Description & Own): Needed<Value>;
}

interface Bounds {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
}

/** @param valuesOf what the kind makes of its own part of a description */
const optionKind = <Value, Own = unknown>(
  valuesOf: (own: Own) => Pick<Option<Value>, 'takes' | 'accepts' | 'parse'>,
): OptionKind<Value, Own> =>
  ((description: Description & Partial<WithDefault<Value>> & Own) => {
    const { about, default: initial, hint, flag } = description;
    const isNeeded = initial === undefined;
    return {
      about,
      isNeeded,
      ...(!isNeeded && { default: initial }),
      defaultText: description.defaultText ?? (isNeeded ? '' : textOf(initial)),
      ...(hint !== undefined && { hint }),
      ...(flag && { flag }),
      ...valuesOf(description),
    };
  }) as OptionKind<Value, Own>;

/** A number within bounds; finite where they leave it open. */
export const number = optionKind<number, Bounds>((bounds) => ({
  takes: withBounds('a number', bounds),
  accepts: (value) => Number.isFinite(value) && isWithin(value as number, bounds),
  parse: decimalOf,
}));

/** A whole number within bounds, or one among a few. */
export const whole = optionKind<number, Bounds & { readonly among?: readonly number[] }>(({ among, ...bounds }) => ({
  takes: among ? `one of ${among.join(', ')}` : withBounds('a whole number', bounds),
  accepts: (value) =>
    among?.includes(value as number) ?? (Number.isSafeInteger(value) && isWithin(value as number, bounds)),
  parse: decimalOf,
}));

/** As many numbers as there should be, or any number of them; as text `0.9/0.999`. */
export const numbers = optionKind<readonly number[], Bounds & { readonly count?: number; readonly areWhole?: true }>(
  ({ count, areWhole, ...bounds }) => ({
    takes: `${count === undefined ? '' : `${count} `}${areWhole ? 'whole numbers' : 'numbers'}${boundsOf(bounds)}`,
    accepts: (value) =>
      Array.isArray(value) &&
      (count === undefined || value.length === count) &&
      value.every((item) => (areWhole ? Number.isSafeInteger(item) : Number.isFinite(item)) && isWithin(item, bounds)),
    parse: (text) => text.split('/').map((item) => decimalOf(item) ?? item),
  }),
);

/** Yes or no; as text the name alone, or `=true`. */
export const yesOrNo = optionKind<boolean>(() => ({
  takes: 'true or false',
  accepts: (value) => typeof value === 'boolean',
  parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
}));

/** One of some words. */
export const choice = <const Word extends string>(
  words: readonly Word[],
  description: WithDefault<Word>,
): Option<Word> =>
  optionKind<Word>(() => ({
    takes: words.length === 2 ? words.join(' or ') : `one of ${words.join(', ')}`,
    accepts: (value) => words.includes(value as Word),
    parse: (text) => text,
  }))(description);

/** The same option, but a part can be without it. */
export const optional = <Value>(option: Needed<Value>): Option<Value | undefined> => ({
  ...option,
  isNeeded: false,
  defaultText: 'none',
  accepts: (value) => value === undefined || option.accepts(value),
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
