/** Who reads what. */
import type { Node, Value } from '../../../ir/index.ts';

/** Each value's readers, in their order; a reader counts once. */
export function readersOf<Reader extends Pick<Node, 'inputs'>>(readers: Iterable<Reader>): Map<Value, Reader[]> {
  const found = new Map<Value, Reader[]>();
  for (const reader of readers)
    for (const input of new Set(reader.inputs)) {
      const known = found.get(input);
      if (known) known.push(reader);
      else found.set(input, [reader]);
    }
  return found;
}
