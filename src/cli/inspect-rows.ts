/** A network's tree of layers as the rows of a table: opened to a depth, with equal neighbours in one row. */
import type { LayerCost, LayerGroup } from '../ir/index.ts';

/** A row of the table. */
export interface LayerRow extends LayerCost {
  /** Words of the path above it. */
  readonly level: number;
  /** `block1`, or `block2–18 (17×)` for neighbours that cost the same; its numbers are of all of them. */
  readonly label: string;
  /** Without the batch. */
  readonly output: readonly number[];
}

/** So many rows fit beside the totals on a screen. */
const comfortable = 40;

/** Rows of the parts of `tree` to `depth` words of their paths; by default as deep as a screen holds. */
export function layerRows(tree: LayerGroup, depth?: number): LayerRow[] {
  if (depth !== undefined) return rowsOf(tree, 0, depth);
  let rows = rowsOf(tree, 0, 1);
  for (let next = 2; ; next++) {
    const deeper = rowsOf(tree, 0, next);
    if (deeper.length > comfortable || deeper.length === rows.length) return rows;
    rows = deeper;
  }
}

function rowsOf({ parts }: LayerGroup, level: number, depth: number): LayerRow[] {
  const opened = level + 1 < depth;
  const rows: LayerRow[] = [];
  for (let at = 0; at < parts.length; ) {
    const part = parts[at] as LayerGroup;
    let end = at + 1;
    if (!opened && part.parts.length > 0)
      while (end < parts.length && isNext(parts[end - 1] as LayerGroup, parts[end] as LayerGroup)) end++;
    rows.push(rowOf(parts.slice(at, end), level));
    if (opened) rows.push(...rowsOf(part, level + 1, depth));
    at = end;
  }
  return rows;
}

function rowOf(same: readonly LayerGroup[], level: number): LayerRow {
  const [first] = same as readonly [LayerGroup];
  const last = same.at(-1) as LayerGroup;
  const total = (of: keyof LayerCost) => same.reduce((sum, part) => sum + part[of], 0);
  return {
    level,
    label: same.length === 1 ? first.name : `${first.name}–${numberOf(last.name)} (${same.length}×)`,
    output: last.output?.slice(1) ?? [],
    params: total('params'),
    statistics: total('statistics'),
    macs: total('macs'),
    activationBytes: total('activationBytes'),
  };
}

const numberOf = (name: string) => /\d+$/.exec(name)?.[0] ?? '';

/** Is `b` the part after `a`, built alike and of the same cost? */
function isNext(a: LayerGroup, b: LayerGroup): boolean {
  const [before, after] = [numberOf(a.name), numberOf(b.name)];
  if (before === '' || b.name !== a.name.slice(0, -before.length) + String(Number(before) + 1)) return false;
  return after !== '' && costText(a) === costText(b);
}

const costText = ({ params, statistics, macs, activationBytes, output, parts }: LayerGroup) =>
  JSON.stringify([params, statistics, macs, activationBytes, output, parts.map(({ name }) => name)]);
