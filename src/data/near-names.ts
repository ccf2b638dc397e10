import type { DataProblem } from './data-problem.ts';

/** Names that only upper and lower case, spaces or accents written otherwise tell apart: one class in two folders, mostly. */
export function nearNames(
  path: string,
  names: readonly string[],
  hint = 'put the images into one folder where they are one class',
): DataProblem[] {
  const plain = (name: string) =>
    name
      .normalize('NFKD')
      .replaceAll(/[\s_\-\p{M}]/gu, '')
      .toLowerCase();
  const groups = new Map<string, string[]>();
  for (const name of names) groups.set(plain(name), [...(groups.get(plain(name)) ?? []), name]);
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({ group, count: new Set(group.map((name) => name.normalize('NFC'))).size }))
    .map(({ group, count }) => ({
      severity: 'warning',
      kind: 'near names',
      path,
      message: `${path}: ${group.map((name) => `\`${name}\``).join(' and ')} ${count === 1 ? 'are one name, written in two ways: they count as one class' : `are nearly the same name, but count as ${count} classes`}`,
      hint,
    }));
}
