import type { DataProblem } from './data-problem.ts';
import { namesInShort } from './match-classes.ts';

/**
 * Where validation images are held out, a class of one has none to give; where all are of one, nothing can be held out, and no run starts.
 * @param labels of the images to train on
 */
export function singleImages(
  path: string,
  classes: readonly string[],
  labels: ArrayLike<number> | undefined,
): DataProblem[] {
  const counts = new Uint32Array(classes.length);
  for (const label of Array.from(labels ?? [])) counts[label] = (counts[label] as number) + 1;
  const single = classes.filter((_, label) => counts[label] === 1);
  if (single.length === 0) return [];
  const isAny = classes.some((_, label) => (counts[label] as number) > 1);
  if (!isAny && classes.length > 1)
    return [
      {
        severity: 'error',
        kind: 'single image',
        path,
        message: `${path}: expected a class with two images or more, of which one can be held out for validation, but there is a single image of ${namesInShort(single)}`,
        hint: 'add images, or bring a validation split',
      },
    ];
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
