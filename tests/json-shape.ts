/** What values have in common: the keys of their objects and the kinds of what stands there. */

/**
 * The shape of one or several values of JSON as text. Elements of an array are seen as one, and a key that not all objects at its place
 * have is marked with `?`: `{ counts: [number], name: string, path?: null | string }`, a line for each key, by the alphabet.
 */
export function jsonShape(values: readonly unknown[], indent = ''): string {
  const kinds = new Set(values.map(kindOf));
  const lists = values.filter(Array.isArray);
  const objects = values.filter((value): value is Record<string, unknown> => kindOf(value) === 'object');
  return [...kinds]
    .sort()
    .map((kind) => {
      if (kind === 'array')
        return `[${lists.every((list) => list.length === 0) ? '' : jsonShape(lists.flat(), indent)}]`;
      return kind === 'object' ? objectShape(objects, indent) : kind;
    })
    .join(' | ');
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

function objectShape(objects: readonly Record<string, unknown>[], indent: string): string {
  const inner = `${indent}  `;
  const lines = [...new Set(objects.flatMap(Object.keys))].sort().map((key) => {
    const found = objects.filter((object) => Object.hasOwn(object, key)).map((object) => object[key]);
    return `${inner}${key}${found.length < objects.length ? '?' : ''}: ${jsonShape(found, inner)}\n`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
}
