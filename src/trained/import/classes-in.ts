/** Names of classes that a file of weights brings along. */
import { z } from 'zod';
import type { ForeignWeights } from './read-weights.ts';

/** For the head that the weights have, and what was decided, for people. */
export interface ClassesIn {
  readonly names?: readonly string[];
  readonly notes: readonly string[];
}

const namesSchema = z.array(z.string());

/** What a file says is taken where it makes sense and fits the head, and where nothing in the file contradicts it. */
export function classesIn({ metadata, classNames: named = [] }: ForeignWeights, count: number): ClassesIn {
  const said = namesIn(metadata.classes, count);
  if (said) return { names: said, notes: [] };
  const fitting = named.filter(({ names }) => names?.length === count);
  const notes = named
    .filter((each) => !fitting.includes(each))
    .map(({ path, names, problem }) => {
      const why = problem ?? `it has ${names?.length}, and the classifier ${count} outputs`;
      return `class names of the file's \`${path}\` are not taken: ${why}`;
    });
  const [first] = fitting;
  if (!first?.names) return { notes };
  const { names, path } = first;
  const other = fitting.find((each) => each.names?.some((name, i) => name !== names[i]));
  if (other)
    return {
      notes: [...notes, `\`${path}\` and \`${other.path}\` of the file name the classes differently: neither is taken`],
    };
  return { names, notes: [...notes, `class names are those of the file's \`${path}\` (--class-names)`] };
}

/** Another program may mean something else by `classes`. */
function namesIn(said: string | undefined, count: number): string[] | undefined {
  if (said === undefined) return undefined;
  try {
    const names = namesSchema.safeParse(JSON.parse(said));
    return names.data?.length === count ? names.data : undefined;
  } catch {
    return undefined;
  }
}
