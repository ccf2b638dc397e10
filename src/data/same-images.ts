/** Files of an image dataset that hold the same bytes: a picture that is in two classes, in two splits, or counted twice. */
import type { DataProblem } from './data-problem.ts';

/** An image file, where it stands, and what tells its content from others'. */
export interface FileContent {
  readonly path: string;
  readonly split: string;
  readonly label: string;
  /** Equal for equal bytes. */
  readonly digest: string;
}

/** A warning for each way in which one picture is there more than once, with the first two of its files and how many pictures are alike. */
export function sameImages(files: readonly FileContent[]): DataProblem[] {
  const byContent = new Map<string, FileContent[]>();
  for (const file of files) {
    const same = byContent.get(file.digest);
    if (same) same.push(file);
    else byContent.set(file.digest, [file]);
  }
  const repeated = [...byContent.values()].filter(({ length }) => length > 1);
  const inTwo = (of: 'label' | 'split') => (same: readonly FileContent[]) =>
    same.some((file) => file[of] !== same[0]?.[of]);
  const contradictory = repeated.filter(inTwo('label'));
  const leaking = repeated.filter((same) => !inTwo('label')(same) && inTwo('split')(same));
  const twice = repeated.filter((same) => !inTwo('label')(same) && !inTwo('split')(same));
  return [
    ...warning(contradictory, 'label', (a, b) => `in \`${a.label}\` and in \`${b.label}\`: one of the two is wrong`),
    ...warning(leaking, 'split', (a, b) => `in ${a.split} and in ${b.split}: it is measured on what it is trained on`),
    ...warning(twice, undefined, ({ label }) => `both in \`${label}\`: it counts twice`),
  ];
}

function warning(
  groups: readonly (readonly FileContent[])[],
  of: 'label' | 'split' | undefined,
  words: (a: FileContent, b: FileContent) => string,
): DataProblem[] {
  const [first, ...others] = groups;
  const [a] = first ?? [];
  const b = first?.slice(1).find((file) => of === undefined || file[of] !== a?.[of]);
  if (a === undefined || b === undefined) return [];
  const more =
    others.length === 0
      ? ''
      : ` (${others.length === 1 ? 'another picture is' : `${others.length} more pictures are`} alike)`;
  return [
    {
      severity: 'warning',
      kind: 'same image',
      path: a.path,
      count: groups.length,
      message: `${a.path}: the same picture as ${b.path}, ${words(a, b)}${more}`,
    },
  ];
}
