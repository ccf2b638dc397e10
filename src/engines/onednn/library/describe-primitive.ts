/** A description in a few words, for messages. */
import type { PrimitiveDescription } from './description.ts';
import type { Layout } from './layout.ts';

/** Such as `convolution forwardTraining direct; src f32 [2, 20, 6, 6] any, …, strides 1, 1`. */
export function wordsOf(description: PrimitiveDescription): string {
  const { kind } = description;
  const pass = 'pass' in description ? ` ${description.pass}` : '';
  const algorithm = 'algorithm' in description && description.algorithm ? ` ${description.algorithm}` : '';
  const parts = Object.entries(description).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'kind' || name === 'pass' || name === 'algorithm' || name === 'forward') return [];
    if (isLayout(value)) return [`${name} ${wordsOfLayout(value)}`];
    if (Array.isArray(value) && value.every(isLayout)) return [`${name} ${value.map(wordsOfLayout).join(' and ')}`];
    if (name === 'postOps') return [`then ${(value as { kind: string }[]).map((postOp) => postOp.kind).join(', ')}`];
    if (name === 'padding') {
      const { before, after } = value as { before: number[]; after: number[] };
      return [`padding ${before.join(', ')} and ${after.join(', ')}`];
    }
    return [`${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`];
  });
  return `${kind}${pass}${algorithm}; ${parts.join(', ')}`;
}

export const wordsOfLayout = ({ dims, dataType, format }: Layout): string =>
  `${dataType} [${dims.join(', ')}] ${format}`;

function isLayout(value: unknown): value is Layout {
  return typeof value === 'object' && value !== null && 'dims' in value && 'format' in value;
}
