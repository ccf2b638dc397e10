import type { DenseEdge, LayerCost } from '../../ir/index.ts';
import type { DenseRow, DenseStrip, DrawnPart } from './drawn-part.ts';
import { summaryOf } from './spine.ts';

/** A dense block's parts as rows: what is between two concatenations is a layer, and the graph's edges say what it reads. */
export function denseStrip(
  parts: readonly DrawnPart[],
  joins: readonly number[],
  edges: readonly DenseEdge[],
): DenseStrip {
  const slices: { inner: DrawnPart[]; join: DrawnPart }[] = [];
  let inner: DrawnPart[] = [];
  for (const part of parts) {
    if (part.kind === 'layer' && joins.includes(part.first)) {
      slices.push({ inner, join: part });
      inner = [];
    } else inner.push(part);
  }
  const rowOf = new Map<string, number>();
  slices.forEach(({ inner: own }, row) => {
    for (const id of own.flatMap(idsIn)) rowOf.set(id, row);
  });
  const sources = slices.map(() => new Set<number>());
  for (const { from, to } of edges) {
    const row = rowOf.get(to);
    const source = rowOf.get(from) ?? -1;
    if (row !== undefined && source < row) sources[row]?.add(source);
  }
  const channels = slices.map(({ join }) => join.output[0] ?? 0);
  const first = slices[0]?.inner.at(-1)?.output[0] ?? 0;
  const inputChannels = Math.max(0, (channels[0] ?? 0) - first);
  const rows = slices.map(({ inner: own, join }, row): DenseRow => {
    const all = [...own, join];
    const total = (of: keyof LayerCost) => all.reduce((sum, part) => sum + part[of], 0);
    const reads = row === 0 ? inputChannels : (channels[row - 1] ?? 0);
    return {
      name: own.length === 1 ? (own[0] as DrawnPart).name : `layer ${row + 1}`,
      label: summaryOf(own),
      growth: Math.max(0, (channels[row] ?? 0) - reads),
      reads,
      sources: [...(sources[row] ?? [])].sort((a, b) => a - b),
      params: total('params'),
      statistics: total('statistics'),
      macs: total('macs'),
      activationBytes: total('activationBytes'),
    };
  });
  return { inputChannels, rows };
}

const idsIn = ({ id, parts }: DrawnPart): string[] => [id, ...parts.flatMap(idsIn)];
