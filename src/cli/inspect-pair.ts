/** `skein inspect A B`: two networks beside each other, their totals and what each does at the same size of its maps. */
import { groupLayers, type LayerCost, type LayerGroup } from '../ir/index.ts';
import { denseEdgeCount, networkDrawing } from '../report/index.ts';
import type { NetworkDescription } from '../train/index.ts';
import type { Output } from './output.ts';
import { count, macs, memory } from './quantity.ts';
import { textTable } from './text-table.ts';

/** What two networks do on maps of one size; a network that has none is missing. */
export interface AlignedStage {
  /** Height and width; absent for what comes after the last map. */
  readonly map?: readonly [height: number, width: number];
  readonly networks: readonly (AlignedParts | undefined)[];
}

/** Parts of one network that end on maps of the same size, with their sums. */
export interface AlignedParts extends LayerCost {
  /** `stage1`, `block1 transition1`. */
  readonly parts: readonly string[];
}

/** The outermost parts of the networks by the size of the maps that they end on, largest first. */
export function alignedStages(networks: readonly NetworkDescription[]): AlignedStage[] {
  const rows = new Map<string, { map?: readonly [number, number]; networks: (AlignedParts | undefined)[] }>();
  networks.forEach(({ layers }, at) => {
    for (const part of groupLayers(layers).parts) {
      const [height, width] = part.output?.slice(2) ?? [];
      const map = height !== undefined && width !== undefined ? ([height, width] as const) : undefined;
      const key = map?.join('×') ?? '';
      const row = rows.get(key) ?? { ...(map && { map }), networks: networks.map(() => undefined) };
      rows.set(key, row);
      row.networks[at] = withPart(row.networks[at], part);
    }
  });
  const area = ({ map }: AlignedStage) => (map ? map[0] * map[1] : 0);
  return [...rows.values()].sort((a, b) => area(b) - area(a));
}

function withPart(sum: AlignedParts | undefined, part: LayerGroup): AlignedParts {
  return {
    parts: [...(sum?.parts ?? []), part.name],
    params: (sum?.params ?? 0) + part.params,
    statistics: (sum?.statistics ?? 0) + part.statistics,
    macs: (sum?.macs ?? 0) + part.macs,
    activationBytes: (sum?.activationBytes ?? 0) + part.activationBytes,
  };
}

/** Two networks for people: a column for each. */
export function printPair(output: Output, networks: readonly NetworkDescription[]): void {
  const row = (label: string, of: (network: NetworkDescription) => string) => [label, ...networks.map(of)];
  const totals = [
    row('images', ({ image }) => `${image.channels}×${image.height}×${image.width}`),
    row('classes', ({ classes }) => count(classes)),
    row('parameters', ({ params }) => count(params)),
    row('MACs', (network) => macs(network.macs)),
    row('activations', ({ activationBytes }) => memory(activationBytes)),
    row('to train', ({ training }) => (training ? memory(training.totalBytes) : 'not known')),
    row('to predict', ({ prediction }) => memory(prediction.totalBytes)),
    row('layers', ({ structure }) => count(weightedLayers(structure))),
    row('deepest path', ({ structure }) => count(structure.depth)),
    row('shortcuts', ({ structure }) => dash(structure.connections.filter(isShortcut).length)),
    row('dense edges', (network) => dash(denseEdgeCount(networkDrawing(network)))),
  ];
  const names = networks.map(({ name }) => name);
  table(output, ['', ...names], totals);
  output.line();
  const stages = alignedStages(networks).map(({ map, networks: parts }) => [
    map?.join('×') ?? '–',
    ...parts.flatMap((part) => (part ? [span(part.parts), roundedCount(part.params), macs(part.macs)] : ['', '', ''])),
  ]);
  table(output, ['maps', ...names.flatMap((name) => [name, 'params', 'MACs'])], stages);
  output.line();
  output.paragraph(
    'Layers are convolutions and linear layers. MACs and activations are for one image, memory is planned for batches of ' +
      `${count(networks[0]?.batchSize ?? 0)}. A part stands in the row of the maps that it ends on.`,
    'dim',
  );
}

function table(output: Output, heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const [head = '', ...lines] = textTable(heads, rows);
  output.line(output.style('bold', `  ${head}`));
  for (const line of lines) output.line(`  ${line}`);
}

const isShortcut = ({ kind }: { readonly kind: string }) => ['identity', 'projection', 'padding'].includes(kind);

const weightedLayers = ({ kinds }: NetworkDescription['structure']): number =>
  [...kinds.values()].filter(({ op }) => op === 'conv2d' || op === 'matmul').length;

/** 25.6 M */
const roundedCount = (n: number) => (n < 1000 ? count(n) : macs(n));

const dash = (n: number) => (n === 0 ? '–' : count(n));

/** `stage1`, `block1 … final`. */
const span = (parts: readonly string[]): string =>
  parts.length <= 2 ? parts.join(', ') : `${parts[0]} … ${parts.at(-1)}`;
