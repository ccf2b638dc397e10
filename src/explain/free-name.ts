/**
 * The name, or the first numbered one (from 2) that is not yet taken; takes it. Upper and lower case are the same, as in some file systems.
 * @param taken in lower case
 */
export function freeName(name: string, taken: Set<string>, numbered: (number: number) => string): string {
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = numbered(number);
  taken.add(free.toLowerCase());
  return free;
}
