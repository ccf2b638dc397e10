/** A part's numbers in words and as cells of a row. */
import { count, memory, multiplyAdds } from '../page/quantity.ts';
import type { DenseRow, DrawnPart } from './drawn-part.ts';
import type { PieceKind } from './layout.ts';
import type { NetworkDrawing } from './network-drawing.ts';

/** Heads of the cells that `cellsOf` gives. */
export const cellHeads = ['output', 'parameters', 'MACs', 'activations'] as const;

/** A row's cells beside its piece; '' where there is nothing to say. */
export function cellsOf(part: DrawnPart, kind: PieceKind): readonly string[] {
  const { output, params, macs, activationBytes } = part;
  if (kind === 'join' || kind === 'gap' || kind === 'strip') return ['', '', '', ''];
  return [
    output.join('×'),
    params === 0 ? '–' : count(params),
    macs === 0 ? '–' : multiplyAdds(macs),
    memory(activationBytes),
  ];
}

/** What a dense block is, a line each. */
export function stripNotes({ strip }: DrawnPart): string[] {
  const rows = strip?.rows ?? [];
  const edges = rows.reduce((sum, { sources }) => sum + sources.length, 0);
  const [first] = rows;
  const same = (of: (row: DenseRow) => string) => new Set(rows.map(of)).size === 1;
  return [
    ...(first && first.label !== '' && same(({ label }) => label) ? [`each layer: ${first.label}`] : []),
    ...(first && same(({ growth }) => String(growth)) ? [`it adds ${first.growth} channels to all before it`] : []),
    `${count(edges)} direct connections`,
  ];
}

/** What a part is, a line each. */
export function factsOf({
  id,
  name,
  kind,
  label,
  output,
  params,
  statistics,
  macs,
  activationBytes,
  parts,
}: DrawnPart): string {
  const blocks = kind === 'run' ? `${parts.length} equal blocks` : '';
  const costs = [
    output.length > 0 ? `output ${output.join('×')}` : '',
    ...costLines({ params, statistics, macs, activationBytes }),
  ];
  return [kind === 'run' ? name : id, blocks, label, ...costs].filter((line) => line !== '').join('\n');
}

/** What a layer of a dense block is, a line each. */
export function rowFacts(row: DenseRow): string {
  const { name, label, reads, growth, sources } = row;
  const from = sources.filter((source) => source >= 0).length;
  const layers = from === 0 ? 'the input alone' : `the input and ${from} layer${from === 1 ? '' : 's'}`;
  return [name, label, `reads ${count(reads)} channels: ${layers}`, `adds ${count(growth)}`, ...costLines(row)].join(
    '\n',
  );
}

function costLines(cost: Pick<DrawnPart, 'params' | 'statistics' | 'macs' | 'activationBytes'>): string[] {
  const { params, statistics, macs, activationBytes } = cost;
  return [
    ...(params > 0 ? [`${count(params)} parameters`] : []),
    ...(statistics > 0 ? [`${count(statistics)} running statistics`] : []),
    ...(macs > 0 ? [`${multiplyAdds(macs)} multiply-adds`] : []),
    `${memory(activationBytes)} of activations`,
  ];
}

/** A drawing's totals: what they are called, and how much. */
export function totalsOf({ totals }: NetworkDrawing): [label: string, value: string, note: string][] {
  const { params, macs, activationBytes, training, prediction, batchSize } = totals;
  const batch = batchSize === 1 ? 'one image' : `batch of ${count(batchSize)}`;
  return [
    ['parameters', count(params), ''],
    ['MACs', multiplyAdds(macs), 'for one image'],
    ['activations', memory(activationBytes), 'for one image'],
    ['to train', training ? memory(training.totalBytes) : '–', training ? batch : 'not in the file'],
    ['to predict', memory(prediction.totalBytes), batch],
  ];
}
