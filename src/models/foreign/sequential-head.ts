/** The classifier of a network whose last layer was replaced, as by `nn.Sequential(nn.Dropout(), nn.Linear(…))`. */
import type { RecognisedNames } from './recognised-names.ts';

const head = /^((?:fc|classifier|linear|head|output)\.\d+)\.(weight|bias)$/;

/**
 * `found` with the only layer in place of the classifier as the classifier; unchanged where there is one already, or several layers.
 * @param bare names of the file without their wrappers
 */
export function withSequentialHead(found: RecognisedNames, bare: ReadonlyMap<string, string>): RecognisedNames {
  if (found.layers.has('classifier.weight')) return found;
  const tensors = found.unknown.flatMap((name) => {
    const [, layer, leaf] = head.exec(bare.get(name) ?? name) ?? [];
    return layer === undefined ? [] : [{ name, layer, leaf }];
  });
  if (new Set(tensors.map(({ layer }) => layer)).size !== 1) return found;
  const layers = new Map(found.layers);
  for (const { name, leaf } of tensors) layers.set(`classifier.${leaf}`, name);
  const names = new Set(tensors.map(({ name }) => name));
  return { ...found, layers, unknown: found.unknown.filter((name) => !names.has(name)) };
}
