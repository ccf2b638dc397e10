/** All parts of one kind, such as the optimisers: found by name, read from files, and written on the command line. */
import { ConfigError, nearestName } from '../tensor/index.ts';
import type { ListedPart, Named } from './part.ts';

const usualHint = 'docs/parts.md has all options; one of your own can only be used from code: train({ … })';

export class Kind<Made extends Named> {
  /** `optimiser` */
  readonly name: string;
  /** The default first, where there is one. */
  readonly parts: readonly ListedPart<Made>[];
  readonly #hint: string;

  /**
   * @param list what the room of the kind exports
   * @param options.hint where all are listed and how one of a person's own is used, for names that none has; default as of the parts of a recipe
   */
  constructor(name: string, list: Readonly<Record<string, ListedPart<Made>>>, { hint = usualHint } = {}) {
    this.name = name;
    this.#hint = hint;
    this.parts = Object.values(list).sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  }

  /** The part that is taken where none is named. @throws ConfigError */
  makeDefault(options: Readonly<Record<string, unknown>> = {}, where?: string): Made {
    const [first] = this.parts;
    if (!first?.isDefault) throw new ConfigError(`no ${this.name} is taken where none is named`);
    return where === undefined ? first.from(options) : this.#make(where, first, options);
  }

  /** The part that is called so: in the words of code, or with hyphens. @throws ConfigError where there is none */
  find(where: string, name: string): ListedPart<Made> {
    const isCalled = (part: ListedPart<Made>) => [part.name, ...part.aliases].some((own) => plain(own) === plain(name));
    const found = this.parts.find(isCalled);
    if (found) return found;
    const nearest = nearestName(name, this.#names);
    throw new ConfigError(
      `${where}: the ${this.name} \`${name}\` is not one of Skein's (${this.parts.map(({ name: own, aliases }) => [own, ...aliases].join(' or ')).join(', ')})${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
      this.#hint,
    );
  }

  /** From what files hold: a name and its options, or both as text. @throws ConfigError */
  read(where: string, recorded: unknown): Made {
    if (typeof recorded === 'string') return this.parse(where, recorded);
    if (!isRecord(recorded) || typeof recorded.name !== 'string')
      throw new ConfigError(
        `${where}: expected the ${this.name} as a \`name\` with its options, but it is ${JSON.stringify(recorded)}`,
        `such as name: ${this.parts[0]?.name}`,
      );
    const { name, ...options } = recorded;
    return this.#make(where, this.find(where, name), options);
  }

  /** Any number of them, from a list or from text. @throws ConfigError */
  readList(where: string, recorded: string | readonly unknown[]): Made[] {
    return typeof recorded === 'string'
      ? this.parseList(where, recorded)
      : recorded.map((item) => this.read(where, item));
  }

  /** One part from text: `sgd`, `sgd:momentum=0.8,nesterov`. @throws ConfigError */
  parse(where: string, text: string): Made {
    const { part, options } = this.parseOnly(where, text);
    return this.#make(where, part, options);
  }

  /** Any number of parts from text: `crop:pad=4,flip`; none from `none`. @throws ConfigError */
  parseList(where: string, text: string): Made[] {
    if (text.trim() === 'none') return [];
    const made: Made[] = [];
    for (let left: string | undefined = text; left !== undefined; ) {
      const { part, options, rest } = this.#parseFirst(where, left);
      made.push(this.#make(where, part, options));
      left = rest;
    }
    return made;
  }

  /** The part that a text names, and the options that it gives. @throws ConfigError where it names several */
  parseOnly(where: string, text: string): { part: ListedPart<Made>; options: Record<string, unknown> } {
    const { rest, ...only } = this.#parseFirst(where, text);
    if (rest === undefined) return only;
    throw new ConfigError(
      `${where}: expected one ${this.name}, but got \`${text}\``,
      `options are written like ${exampleOf(only.part)}`,
    );
  }

  /** The first part of a text with the options that are given, and the text that follows it. @throws ConfigError */
  #parseFirst(
    where: string,
    text: string,
  ): { part: ListedPart<Made>; options: Record<string, unknown>; rest: string | undefined } {
    const [, name = '', rest] = /^\s*([^:,]*)(?:[:,](.*))?$/s.exec(text) ?? [];
    const part = this.find(where, name.trim());
    const options: Record<string, unknown> = {};
    const words = rest?.split(',') ?? [];
    for (const [at, word] of words.entries()) {
      const [, key = '', , value] = /^\s*([^=:]*?)\s*(=(.*?))?\s*$/s.exec(word) ?? [];
      const option = Object.keys(part.options).find((own) => plain(own) === plain(key));
      // a word alone may be the next part
      if (value === undefined && !isFlag(part, option)) return { part, options, rest: words.slice(at).join(',') };
      if (Object.hasOwn(options, option ?? key))
        throw new ConfigError(`${where}: the ${this.name} \`${part.name}\`: \`${key}\` is given twice`, 'give it once');
      options[option ?? key] = value === undefined ? true : this.#valueOf(part, option, value);
    }
    return { part, options, rest: undefined };
  }

  #valueOf(part: ListedPart<Made>, option: string | undefined, text: string): unknown {
    // what is no value is refused with the text, when the part is made
    return option === undefined ? text : (part.options[option]?.parse(text) ?? text);
  }

  #make(where: string, part: ListedPart<Made>, options: Readonly<Record<string, unknown>>): Made {
    return part.from(options, `${where}: the ${this.name} \`${part.name}\``);
  }

  get #names(): string[] {
    return this.parts.map(({ name }) => name);
  }
}

/** `adamw:betas=0.9/0.999`: lists have slashes. */
function exampleOf<Made extends Named>({ name, options }: ListedPart<Made>): string {
  const entries = Object.entries(options);
  const [key, option] = entries.find(([, { default: initial }]) => Array.isArray(initial)) ?? entries[0] ?? [];
  return key === undefined ? name : `${name}:${key}=${option?.defaultText}`;
}

const isFlag = <Made extends Named>(part: ListedPart<Made>, option: string | undefined) =>
  option !== undefined && typeof part.options[option]?.default === 'boolean';

const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase();

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
