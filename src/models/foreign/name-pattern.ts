/** Names with numbers in them, such as `layer{s}.{b-1}.conv{k}`: one pattern reads a name, another writes it with the same numbers. */

/** A number by its letter, and what a pattern adds to it: `{b-1}` writes 0 where b is 1. */
const placeholder = /\{([a-z])([+-]\d+)?\}/g;

/** From names that `from` describes to names that `to` does; undefined for any other name. */
export function renaming(from: string, to: string): (name: string) => string | undefined {
  const read = reader(from);
  return (name) => {
    const numbers = read(name);
    return (
      numbers && to.replace(placeholder, (_, letter, shift) => String((numbers.get(letter) ?? 0) + Number(shift ?? 0)))
    );
  };
}

function reader(pattern: string): (name: string) => ReadonlyMap<string, number> | undefined {
  const letters: { letter: string; shift: number }[] = [];
  const source = pattern.replace(/\./g, '\\.').replace(placeholder, (_, letter, shift) => {
    letters.push({ letter, shift: Number(shift ?? 0) });
    return '(0|[1-9]\\d{0,4})';
  });
  const whole = new RegExp(`^${source}$`);
  return (name) => {
    const found = whole.exec(name);
    return found === null
      ? undefined
      : new Map(letters.map(({ letter, shift }, i) => [letter, Number(found[i + 1]) - shift]));
  };
}
