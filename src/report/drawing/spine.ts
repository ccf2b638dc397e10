/** The tree of a network's layers along the spine; layers of projections leave it for their arcs. */
import { type Connection, groupLayers, type LayerGroup } from '../../ir/index.ts';
import type { DrawnArc } from './drawn-arc.ts';
import type { DrawnNetwork } from './drawn-network.ts';
import type { DrawnPart } from './drawn-part.ts';
import { withLanes } from './lanes.ts';

/** Parts as the paths name them, still without blocks, and the arcs between their layers. */
export function spineOf({ layers, structure }: DrawnNetwork): { parts: DrawnPart[]; arcs: DrawnArc[] } {
  const { kinds, connections } = structure;
  const beside = new Set(connections.flatMap(({ through }) => through));
  const used = layers.filter(({ path }) => kinds.has(path));
  const position = new Map<string, number>();
  let next = 0;

  const partOf = (group: LayerGroup, parent: string): DrawnPart[] => {
    const { name, parts: inner, params, statistics, macs, activationBytes } = group;
    const id = parent === '' ? name : `${parent}.${name}`;
    const output = group.output?.slice(1) ?? [];
    const cost = { params, statistics, macs, activationBytes };
    if (inner.length === 0) {
      const layerKind = kinds.get(id);
      if (beside.has(id) || layerKind === undefined) return [];
      position.set(id, next);
      const place = { first: next, last: next };
      next++;
      return [
        { id, name, kind: 'layer', label: layerKind.label, op: layerKind.op, output, ...place, parts: [], ...cost },
      ];
    }
    const parts = inner.flatMap((part) => partOf(part, id));
    const [head, tail] = [parts[0], parts.at(-1)];
    if (!(head && tail)) return [];
    return [{ id, name, kind: 'group', label: '', output, first: head.first, last: tail.last, parts, ...cost }];
  };
  const parts = groupLayers(used).parts.flatMap((part) => partOf(part, ''));

  const paramsOf = new Map(layers.map(({ path, params }) => [path, params]));
  const arcOf = ({ kind, from, to, through }: Connection): Omit<DrawnArc, 'lane'>[] => {
    const end = position.get(to);
    const before = from === '' ? -1 : position.get(from);
    if (end === undefined || before === undefined || before + 1 >= end) return [];
    const words = through.flatMap((path) => {
      const { op = '', label = '' } = kinds.get(path) ?? {};
      return /^(normalise|relu|slice|reshape)$/.test(op) ? [] : [op === 'pad' ? 'zero padding' : label];
    });
    const params = through.reduce((sum, path) => sum + (paramsOf.get(path) ?? 0), 0);
    return [{ kind, start: before + 1, end, label: words.join(' · '), params }];
  };
  return { parts, arcs: withLanes(connections.flatMap(arcOf)) };
}

/** The label of a part that is drawn closed: its convolutions and poolings. */
export function summaryOf(parts: readonly DrawnPart[]): string {
  const layers: DrawnPart[] = [];
  const collect = (part: DrawnPart): void => {
    if (part.kind === 'layer') layers.push(part);
    else part.parts.forEach(collect);
  };
  parts.forEach(collect);
  const weighty = layers.filter(({ op = '' }) => op === 'conv2d' || op.endsWith('Pool2d'));
  if (weighty.length === 0) return layers.map(({ label }) => label).join(' · ');
  const words = weighty.map(({ label }) => label.replace(' conv,', ','));
  const groups: { word: string; times: number }[] = [];
  for (const word of words) {
    const last = groups.at(-1);
    if (last?.word === word) last.times++;
    else groups.push({ word, times: 1 });
  }
  return groups.map(({ word, times }) => (times === 1 ? word : `${times} × (${word})`)).join(' · ');
}
