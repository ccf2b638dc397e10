import type { DataProblem } from './data-problem.ts';
import { namesInShort } from './match-classes.ts';

/** Where validation images are held out, a class of one has none to give. */
export function singleImages(
  path: string,
  classes: readonly string[],
  labels: ArrayLike<number> | undefined,
): DataProblem[] {
  const counts = new Uint32Array(classes.length);
  for (const label of Array.from(labels ?? [])) counts[label] = (counts[label] as number) + 1;
  const single = classes.filter((_, label) => counts[label] === 1);
  if (single.length === 0) return [];
  return [
    {
      severity: 'warning',
      kind: 'single image',
      path,
      message: `${path}: there is a single image of ${namesInShort(single)}: none can be held out, so accuracy says nothing of it`,
      hint: 'add images',
    },
  ];
}
