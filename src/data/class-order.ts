/** Names of classes in an order that is the same on every machine: numbers by what they are worth, other names by their letters. */
export function classOrder(names: Iterable<string>): string[] {
  // by code units: `localeCompare` depends on the machine's language
  const sorted = [...names].sort();
  if (!sorted.every((name) => /^[+-]?\d+(\.\d+)?$/.test(name))) return sorted;
  return sorted.sort((a, b) => Number(a) - Number(b));
}
