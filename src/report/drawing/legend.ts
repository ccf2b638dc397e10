/** What the lines mean, for the kinds that a drawing has. */
import type { ConnectionKind } from '../../ir/index.ts';
import type { NetworkDrawing } from './network-drawing.ts';
import { partsIn } from './parts-in.ts';

/** A kind of line and its meaning. */
export interface LegendEntry {
  readonly kind: ConnectionKind | 'dense';
  readonly words: string;
}

const meanings: readonly LegendEntry[] = [
  { kind: 'identity', words: 'identity shortcut' },
  { kind: 'projection', words: 'shortcut with a projection' },
  { kind: 'padding', words: 'shortcut filled up with zeros' },
  { kind: 'concat', words: 'concatenation' },
  { kind: 'inner', words: 'other join, such as squeeze and excitation' },
  { kind: 'dense', words: 'dense layer: what it reads, and what it adds' },
];

/** The entries that these drawings need. */
export function legendOf(drawings: readonly NetworkDrawing[]): LegendEntry[] {
  const kinds = new Set<string>();
  for (const { parts, arcs } of drawings) {
    const strips: [number, number][] = [];
    for (const { kind, first, last } of partsIn(parts)) if (kind === 'dense') strips.push([first, last]);
    for (const { kind, start, end } of arcs)
      kinds.add(strips.some(([first, last]) => start >= first && end <= last) ? 'dense' : kind);
  }
  return meanings.filter(({ kind }) => kinds.has(kind));
}
