/** Equal neighbouring blocks as one part, where a network has more blocks than a screen holds. */
import type { LayerCost } from '../../ir/index.ts';
import type { DrawnArc } from './drawn-arc.ts';
import type { DrawnPart } from './drawn-part.ts';
import { partsIn } from './parts-in.ts';

/** So many blocks stand one under the other before equal ones share a place. */
const comfortable = 18;

/** The same parts; blocks of equal cost that follow one another are together from `comfortable` blocks on. */
export function withRuns(parts: readonly DrawnPart[], arcs: readonly DrawnArc[]): DrawnPart[] {
  let blocks = 0;
  for (const { kind } of partsIn(parts)) if (kind === 'block') blocks++;
  const kindsAt = new Map<number, string>();
  for (const { end, kind, label } of arcs) kindsAt.set(end, `${kindsAt.get(end) ?? ''} ${kind} ${label}`);
  return blocks > comfortable ? grouped(parts, kindsAt) : [...parts];
}

function grouped(parts: readonly DrawnPart[], kindsAt: ReadonlyMap<number, string>): DrawnPart[] {
  const rows: DrawnPart[] = [];
  for (let at = 0; at < parts.length; ) {
    const part = parts[at] as DrawnPart;
    let end = at + 1;
    const text = equalText(part, kindsAt);
    while (part.kind === 'block' && end < parts.length && equalText(parts[end] as DrawnPart, kindsAt) === text) end++;
    rows.push(
      end - at > 1
        ? run(parts.slice(at, end))
        : part.kind === 'group'
          ? { ...part, parts: grouped(part.parts, kindsAt) }
          : part,
    );
    at = end;
  }
  return rows;
}

function run(same: readonly DrawnPart[]): DrawnPart {
  const [head, tail] = [same[0], same.at(-1)] as [DrawnPart, DrawnPart];
  const total = (of: keyof LayerCost) => same.reduce((sum, part) => sum + part[of], 0);
  const number = /\d+$/.exec(tail.name)?.[0];
  return {
    id: `${head.id}–${tail.id}`,
    name: number && /\d$/.test(head.name) ? `${head.name}–${number}` : `${head.name} – ${tail.name}`,
    kind: 'run',
    label: head.label,
    output: tail.output,
    first: head.first,
    last: tail.last,
    parts: same,
    params: total('params'),
    statistics: total('statistics'),
    macs: total('macs'),
    activationBytes: total('activationBytes'),
  };
}

/** Equal for parts that are drawn alike. */
const equalText = (part: DrawnPart, kindsAt: ReadonlyMap<number, string>): string => {
  const { label, params, statistics, macs, activationBytes, output, parts, first } = part;
  const inner = parts.map((layer) => [layer.op, layer.label, kindsAt.get(layer.first), layer.first - first]);
  return JSON.stringify([label, params, statistics, macs, activationBytes, output, inner]);
};
