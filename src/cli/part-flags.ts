/** The flags that choose the parts of a run, and those that set one of their options: made from the parts' records. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Kind, ListedPart, Named, Option as PartOption } from '../parts/index.ts';

/** What commander found, by the camel-cased names of the flags. */
export type GivenFlags = Readonly<Record<string, unknown>>;

interface FlagOfOption {
  readonly option: Option;
  /** The option of a part that it sets. */
  readonly key: string;
}

/** Adds `--NAME` of a kind: `sgd:momentum=0.8`, or a list of several. */
export function addPartFlag<Made extends Named>(
  command: Command,
  flag: string,
  kind: Kind<Made>,
  about: string,
): Command {
  const names = kind.parts.map(({ name, aliases }) => aliases[0] ?? name).join(', ');
  return command.option(`--${flag} <part>`, `${about}: ${names}${defaultOf(kind)}`);
}

const defaultOf = <Made extends Named>({ parts: [first] }: Kind<Made>) => (first?.isDefault ? ` (${first.name})` : '');

/** Adds a flag for each option that has one. Parts of a kind that share it share the flag. */
export function addOptionFlags<Made extends Named>(command: Command, kind: Kind<Made>): Command {
  for (const { option } of optionFlags(kind)) command.addOption(option);
  return command;
}

function optionFlags<Made extends Named>(kind: Kind<Made>): FlagOfOption[] {
  const found = new Map<string, { key: string; option: PartOption<unknown>; defaults: [string, string][] }>();
  for (const part of kind.parts)
    for (const [key, option] of Object.entries(part.options)) {
      const flags = option.flag?.flags;
      if (flags === undefined) continue;
      const known = found.get(flags) ?? { key, option, defaults: [] as [string, string][] };
      known.defaults.push([part.name, option.defaultText]);
      found.set(flags, known);
    }
  return [...found].map(([flags, { key, option, defaults }]) => ({
    key,
    option: flagOf(flags, option, kind.parts[0]?.isDefault || kind.parts.length > 1 ? defaults : [['', 'off']]),
  }));
}

function flagOf(flags: string, option: PartOption<unknown>, defaults: readonly [part: string, text: string][]): Option {
  const about = option.flag?.about ?? option.about;
  if (option.flag?.value !== undefined) return new Option(flags, about);
  const texts = new Set(defaults.map(([, text]) => text));
  const initial = texts.size === 1 ? [...texts][0] : defaults.map(([part, text]) => `${part} ${text}`).join(', ');
  return new Option(flags, `${about} (${initial})`).argParser((word) => {
    const value = option.parse(word);
    // what is off can be named so where the kind has no default
    if (word === 'none' && texts.has('off')) return word;
    if (typeof value === 'string' || value === undefined)
      throw new InvalidArgumentError(`It is not ${option.takes.split(' of at least')[0]}.`);
    return value;
  });
}

/**
 * The part that flags ask for: the one that is named, or the one before, with its options changed by theirs.
 * @param flag as the user writes it, for messages
 * @param text after the kind's own flag
 * @param more options besides, which flags of their own come before
 * @throws ConfigError
 */
export function partFromFlags<Made extends Named>(
  kind: Kind<Made>,
  flag: string,
  text: string | undefined,
  given: GivenFlags,
  before: Named | undefined,
  more: Readonly<Record<string, unknown>> = {},
): Made | undefined {
  const options = { ...more, ...optionsFrom(kind, given) };
  if (text === undefined && Object.keys(options).length === 0) return undefined;
  const named = text === undefined ? undefined : kind.parseOnly(flag, text);
  const part = named?.part ?? partOf(kind, flag, before, options);
  const kept = before?.name === part.name ? chosenOptions(part, before.options) : {};
  return part.from({ ...kept, ...named?.options, ...options }, `${flag}: the ${kind.name} \`${part.name}\``);
}

/** Without what followed from other options, such as one cycle's first rate from its highest. */
const chosenOptions = <Made extends Named>(part: ListedPart<Made>, options: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(options).filter(([key, value]) => {
      const initial = part.options[key]?.default;
      return typeof initial !== 'function' || initial(options) !== value;
    }),
  );

/** The part that options belong to where none is named: the one before, the default, or the only one that has them. */
function partOf<Made extends Named>(
  kind: Kind<Made>,
  flag: string,
  before: Named | undefined,
  options: Readonly<Record<string, unknown>>,
): ListedPart<Made> {
  if (before) return kind.find(flag, before.name);
  const [first] = kind.parts;
  const owner = kind.parts.find((part) => Object.keys(options).every((key) => Object.hasOwn(part.options, key)));
  return first?.isDefault || owner === undefined ? (first as ListedPart<Made>) : owner;
}

function optionsFrom<Made extends Named>(kind: Kind<Made>, given: GivenFlags): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const { option, key } of optionFlags(kind)) {
    const value = given[option.attributeName()];
    // commander sets the flag of --no-x to true where it is not given
    if (value === undefined || value === 'none' || (option.negate && value === true)) continue;
    const fixed = kind.parts.map((part) => part.options[key]?.flag?.value).find((own) => own !== undefined);
    options[key] = fixed ?? value;
  }
  return options;
}
