import { CheckpointError, type Dtype, formatShape, type Shape, sameShape, type Tensor } from '../tensor/index.ts';

/**
 * Makes sure that `tensors` are exactly the state that a network expects: same names, dtypes and shapes.
 * @param what the checkpoint, as messages name it
 * @throws CheckpointError that counts what is missing, unexpected or of another shape, and names the first three of each
 */
export function assertStateMatches(
  expected: ReadonlyMap<string, { readonly dtype: Dtype; readonly shape: Shape }>,
  tensors: ReadonlyMap<string, Tensor>,
  what: string,
): void {
  const describe = (x: { dtype: Dtype; shape: Shape }) => `${x.dtype} ${formatShape(x.shape)}`;
  const missing: string[] = [];
  const different: string[] = [];
  for (const [name, wanted] of expected) {
    const found = tensors.get(name);
    if (!found) missing.push(`\`${name}\``);
    else if (found.dtype !== wanted.dtype || !sameShape(found.shape, wanted.shape))
      different.push(`\`${name}\` (expected ${describe(wanted)}, got ${describe(found)})`);
  }
  const unexpected = [...tensors.keys()].filter((name) => !expected.has(name)).map((name) => `\`${name}\``);

  const differences = [
    ...summary('missing', missing),
    ...summary('unexpected', unexpected),
    ...summary('of another shape', different),
  ];
  if (differences.length > 0)
    throw new CheckpointError(
      `${what}: checkpoint of another architecture: ${differences.join('; ')}`,
      'use the network that the checkpoint was written by, with the same options and number of classes',
    );
}

function summary(kind: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return [`${items.length} ${kind}: ${items.slice(0, 3).join(', ')}${items.length > 3 ? ', …' : ''}`];
}
