/** A part of a training run that a person can choose, as one record: what it is called, its options, and how it is made. */
import { ConfigError, nearestName } from '../tensor/index.ts';
import type { Needed, Option } from './option.ts';

/** What every part that was made tells: enough to make it again. */
export interface Named {
  readonly name: string;
  /** All of them, defaults included, as written to files. */
  readonly options: Readonly<Record<string, unknown>>;
}

// biome-ignore lint/suspicious/noExplicitAny: options of every kind stand side by side
export type Options = Readonly<Record<string, Option<any>>>;

/** The values of all options. */
export type Filled<Of extends Options> = {
  readonly [Key in keyof Of]: Of[Key] extends Option<infer Value> ? Value : never;
};

/** What a part is made from: what has a default may be left out. */
export type Given<Of extends Options> = Partial<Filled<Of>> & {
  readonly [Key in keyof Of as Of[Key] extends Needed<unknown> ? Key : never]: Filled<Of>[Key];
};

/** The record that a part is defined by. */
export interface PartRecord<Made extends Named, Of extends Options> {
  /** As code, files and flags call it. */
  readonly name: string;
  /** Other names in files and flags. */
  readonly aliases?: readonly string[];
  /** Taken where a run names none of its kind. */
  readonly isDefault?: true;
  /** What it does, in a few words without its name. */
  readonly about: string;
  /** Where it was published: `arXiv:1708.04896`. */
  readonly source?: string;
  readonly options: Of;
  /** @returns what it does, and its name where that follows from the options */
  make(options: Filled<Of>): Omit<Made, keyof Named> & Partial<Pick<Named, 'name'>>;
}

/** A part as lists have it. */
export interface ListedPart<Made extends Named> {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly isDefault: boolean;
  readonly about: string;
  readonly source?: string;
  readonly options: Options;
  /**
   * From options that may be anything.
   * @param where begins messages; default: the part's name
   * @throws ConfigError for an option that it has not, or that does not take the value
   */
  from(given: Readonly<Record<string, unknown>>, where?: string): Made;
}

/** In code, a function of its options. @throws ConfigError */
export type Part<Made extends Named, Of extends Options> = ListedPart<Made> & { readonly options: Of } & (Record<
    never,
    never
  > extends Given<Of>
    ? (options?: Given<Of>) => Made
    : (options: Given<Of>) => Made);

const makers = new WeakMap<object, { readonly name: string }>();

/** The part that made it; undefined where it was made otherwise. */
export const makerOf = (made: object): { readonly name: string } | undefined => makers.get(made);

/** A part from its record. */
export function definePart<Made extends Named, Of extends Options>(record: PartRecord<Made, Of>): Part<Made, Of> {
  const { name, aliases = [], isDefault = false, about, source, options } = record;
  const from = (given: Readonly<Record<string, unknown>>, where = name): Made => {
    const filled = fill(where, options, given);
    const made = { name, options: filled, ...record.make(filled as Filled<Of>) } as unknown as Made;
    makers.set(made, part);
    return made;
  };
  const part = (given: Partial<Filled<Of>> = {}) => from(given);
  Object.defineProperty(part, 'name', { value: name });
  const listed = { aliases, isDefault, about, ...(source !== undefined && { source }), options, from };
  return Object.assign(part, listed) as Part<Made, Of>;
}

/** @throws ConfigError for an option that is not among them */
export function expectKnown(where: string, options: Options, given: Readonly<Record<string, unknown>>): void {
  const known = Object.keys(options);
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(options, key));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  throw new ConfigError(
    `${where}: it has no option \`${unknown}\`${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    `it has ${known.join(', ') || 'no options'}`,
  );
}

function fill(where: string, options: Options, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  expectKnown(where, options, given);
  const filled: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(options)) {
    const initial = () => (typeof option.default === 'function' ? option.default(filled) : option.default);
    const value = given[key] === undefined ? initial() : given[key];
    if (!option.accepts(value))
      throw new ConfigError(`${where}: \`${key}\` must be ${option.takes}, but is ${shown(value)}`, option.hint);
    if (value !== undefined) filled[key] = value;
  }
  return filled;
}

const shown = (value: unknown) => (typeof value === 'number' ? String(value) : JSON.stringify(value));
