/** Which parts are blocks: found by the arcs, so that networks without names for their blocks have some too. */
import type { DenseEdge, LayerCost } from '../../ir/index.ts';
import { denseStrip } from './dense-strip.ts';
import type { DrawnArc } from './drawn-arc.ts';
import type { DrawnPart } from './drawn-part.ts';
import { summaryOf } from './spine.ts';

/** The same parts, with residual and dense blocks marked, and loose layers between which an arc leads put together. */
export function withBlocks(
  parts: readonly DrawnPart[],
  arcs: readonly DrawnArc[],
  edges: readonly DenseEdge[],
): DrawnPart[] {
  const outer = arcs.filter(({ kind }) => kind !== 'inner').sort((a, b) => a.end - b.end || a.start - b.start);

  const refined = (given: readonly DrawnPart[], owner?: DrawnPart): DrawnPart[] => {
    let own = given.map(refine);
    const chains = chainsOf(own, outer);
    for (const chain of [...chains].reverse()) {
      const [start, end] = [own.findIndex(({ first }) => first === chain.start), own.findIndex(isAt(chain.end))];
      const dense = chain.joins.length > 1;
      const isWhole = dense ? start === 0 && end === own.length - 1 : chains.length === 1;
      if (start < 0 || end <= start || (owner && isWhole)) continue;
      // the rectifier after a sum belongs to its block
      const stop = !dense && own[end + 1]?.op === 'relu' ? end + 2 : end + 1;
      const inner = own.slice(start, stop);
      own = [...own.slice(0, start), together(inner, dense ? 'dense' : 'block', chain), ...own.slice(stop)];
    }
    return own;
  };
  const isAt = (position: number) => (part: DrawnPart) => part.kind === 'layer' && part.first === position;

  const together = (inner: DrawnPart[], kind: 'dense' | 'block', chain: Chain): DrawnPart => {
    const [head, tail] = [inner[0], inner.at(-1)] as [DrawnPart, DrawnPart];
    const total = (of: keyof LayerCost) => inner.reduce((sum, part) => sum + part[of], 0);
    return {
      id: `${head.id}…`,
      name: `${head.name} … ${tail.name}`,
      kind,
      label: summaryOf(inner),
      output: tail.output,
      first: head.first,
      last: tail.last,
      parts: inner,
      ...(kind === 'dense' && { strip: denseStrip(inner, chain.joins, edges) }),
      params: total('params'),
      statistics: total('statistics'),
      macs: total('macs'),
      activationBytes: total('activationBytes'),
    };
  };

  const refine = (part: DrawnPart): DrawnPart => {
    if (part.kind !== 'group') return part;
    const inner = refined(part.parts, part);
    const chains = chainsOf(inner, outer);
    const [chain] = chains;
    if (chain && chains.length === 1 && chain.joins.length > 1 && chain.end === part.last)
      return { ...part, kind: 'dense', parts: inner, strip: denseStrip(inner, chain.joins, edges) };
    const isBlock = inner.every(({ kind }) => kind === 'layer') || chains.length > 0;
    return { ...part, kind: isBlock ? 'block' : 'group', parts: inner, label: isBlock ? summaryOf(inner) : '' };
  };
  return refined(parts);
}

/** Joins among a group's own layers: one for a residual block, all the concatenations of a dense block. */
interface Chain {
  readonly start: number;
  readonly end: number;
  readonly joins: readonly number[];
  readonly concats: boolean;
}

function chainsOf(parts: readonly DrawnPart[], arcs: readonly DrawnArc[]): Chain[] {
  const from = parts[0]?.first ?? 0;
  const own = new Set(parts.filter(({ kind }) => kind === 'layer').map(({ first }) => first));
  const chains: Chain[] = [];
  for (const { kind, start, end } of arcs) {
    if (!own.has(end) || start < from) continue;
    const last = chains.at(-1);
    const concats = kind === 'concat';
    if (last?.end === end) chains[chains.length - 1] = { ...last, start: Math.min(last.start, start) };
    else if (last?.concats && concats && start === last.end + 1)
      chains[chains.length - 1] = { ...last, end, joins: [...last.joins, end] };
    else if (!last || start > last.end) chains.push({ start, end, joins: [end], concats });
  }
  return chains;
}
