/** Whether a file has exactly the layers of a network, in any order; image channels and classes are as the file has them. */
import type { Network } from '../../nn/index.ts';
import { formatShape, type Shape } from '../../tensor/index.ts';
import type { FileLayer } from './file-layers.ts';
import { type NetworkLayer, type NetworkLayers, networkLayers } from './network-layers.ts';
import { likenesses, signatureIn, signatureOf } from './signatures.ts';

/** A network, and what a file has other than it. */
export interface Comparison {
  readonly network: NetworkLayers;
  readonly classes: number;
  readonly channels: number;
  /** Layers of the file that the network has no place for. */
  readonly more: readonly FileLayer[];
  /** Layers of the network that the file has not. */
  readonly missing: readonly NetworkLayer[];
}

/** @param side height and width of the images, where they are not the usual ones */
export function compareLayers(network: Network, layers: readonly FileLayer[], side?: number): Comparison {
  const usual = networkLayers(network, { side });
  const { more, missing } = difference(usual, layers);
  const channels = more.find((layer) => isLike(layer, usual.first, 1))?.shape[1] ?? channelsOf(usual);
  const classes = more.find((layer) => isLike(layer, usual.classifier, 0))?.shape[0] ?? classesOf(usual);
  if (channels === channelsOf(usual) && classes === classesOf(usual))
    return { network: usual, classes, channels, more, missing };
  const fitted = networkLayers(network, { channels, classes, side });
  return { network: fitted, classes, channels, ...difference(fitted, layers) };
}

const channelsOf = ({ first }: NetworkLayers) => first?.shape[1] ?? 3;
const classesOf = ({ classifier }: NetworkLayers) => classifier?.shape[0] ?? 10;

/** The same layer but for the extent of one axis. */
function isLike({ kind, shape, tensors }: FileLayer, layer: NetworkLayer | undefined, axis: number): boolean {
  if (!layer || kind !== 'map' || tensors.has('bias') !== layer.roles.includes('bias')) return false;
  const found =
    layer.shape.length === 2 && shape.length === 4 && shape[2] === 1 && shape[3] === 1 ? shape.slice(0, 2) : shape;
  return found.length === layer.shape.length && found.every((extent, i) => i === axis || extent === layer.shape[i]);
}

function difference({ layers: wanted }: NetworkLayers, layers: readonly FileLayer[]) {
  const left = new Map<string, NetworkLayer[]>();
  for (const layer of wanted) {
    const key = signatureOf(layer);
    left.set(key, [...(left.get(key) ?? []), layer]);
  }
  const known = likenesses(wanted);
  const more: FileLayer[] = [];
  for (const layer of layers) if (left.get(signatureIn(known, layer))?.shift() === undefined) more.push(layer);
  return { more, missing: [...left.values()].flat() };
}

/** The difference in words. */
export function differenceOf({ network, more, missing }: Comparison): string {
  const { classifier } = network;
  const turned = more.find(
    ({ kind, shape }) =>
      kind === 'map' &&
      shape.length === 2 &&
      shape[0] === classifier?.shape[1] &&
      missing.includes(classifier as NetworkLayer),
  );
  if (turned && more.length === 1)
    return `its last layer \`${turned.path}\` is ${formatShape(turned.shape)}, and ${network.network.name} has [classes, ${classifier?.shape[1]}] there: it looks transposed`;
  const { name } = network.network;
  const found = more.map(
    ({ kind, shape, tensors, path }) => `${described(kind, shape, tensors.has('bias'))} such as \`${path}\``,
  );
  const wanted = missing.map(({ kind, shape, roles }) => described(kind, shape, roles.includes('bias')));
  return [
    ...(found.length > 0 ? [`the file has ${firstOf(found)} that ${name} has not`] : []),
    ...(wanted.length > 0 ? [`${name} has ${firstOf(wanted)} that the file has not`] : []),
  ].join('; ');
}

const described = (kind: FileLayer['kind'], shape: Shape, hasBias: boolean) =>
  kind === 'norm'
    ? `a batch norm ${formatShape(shape)}`
    : `a layer ${formatShape(shape)}${hasBias ? ' with a bias' : ''}`;

const firstOf = (items: readonly string[]) =>
  `${items.slice(0, 2).join(' and ')}${items.length > 2 ? ` and ${items.length - 2} more` : ''}`;
