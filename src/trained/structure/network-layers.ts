/** The layers of a network of Skein in their order, in units whose layers stand together under any names, and units in groups. */
import { ops } from '../../ir/index.ts';
import { type BuiltNetwork, buildNetwork, type Network } from '../../nn/index.ts';
import type { Shape } from '../../tensor/index.ts';
import type { Role } from './file-layers.ts';

/** A convolution, a linear layer or a batch norm, and where it stands. */
export interface NetworkLayer {
  readonly path: string;
  readonly kind: 'map' | 'norm';
  readonly shape: Shape;
  readonly roles: readonly Role[];
  /** [C, H, W] of the map that a linear layer reads, flattened. */
  readonly reads?: Shape;
  /** The smallest part whose layers any tool keeps together: a block, a dense layer, a transition. */
  readonly unit: string;
  /** What is left of the path within the unit. */
  readonly within: string;
  /** Units that follow each other: a stage, a dense block. */
  readonly group: string;
}

/** A network as it is built, and its layers in their order. */
export interface NetworkLayers {
  readonly network: Network;
  readonly built: BuiltNetwork;
  readonly layers: readonly NetworkLayer[];
  /** Its first convolution, whose channels the images decide. */
  readonly first: NetworkLayer | undefined;
  /** Its last layer, whose rows the classes decide. */
  readonly classifier: NetworkLayer | undefined;
}

/** Layers of `network` as it is built for `sizes`; default: as it is meant. @param sizes `side` is the height and width of its images */
export function networkLayers(
  network: Network,
  sizes: { readonly channels?: number; readonly classes?: number; readonly side?: number | undefined } = {},
): NetworkLayers {
  const { height = 32, width = 32, channels = 3 } = network.image ?? {};
  const image = { channels: sizes.channels ?? channels, height: sizes.side ?? height, width: sizes.side ?? width };
  const classes = sizes.classes ?? network.classes ?? 10;
  const built = buildNetwork(network, { batch: 1, training: false, image, classes });
  const found = new Map<string, Map<Role, Shape>>();
  for (const [name, { type }] of built.graph.state) {
    const dot = name.lastIndexOf('.');
    const path = name.slice(0, dot);
    const layer = found.get(path) ?? new Map<Role, Shape>();
    found.set(path, layer.set(name.slice(dot + 1) as Role, type.shape));
  }
  const flattened = flattenedMaps(built);
  const layers = [...found].map(([path, roles]): NetworkLayer => {
    const shape = roles.get('weight') ?? [];
    const reads = flattened.get(path);
    const kind = roles.has('variance') ? 'norm' : 'map';
    return { path, kind, shape, roles: [...roles.keys()], ...(reads && { reads }), ...placeOf(path) };
  });
  const maps = layers.filter(({ kind }) => kind === 'map');
  return { network, built, layers, first: maps[0], classifier: maps.find(isClassifier) ?? maps.at(-1) };
}

/** By the path of a linear layer: the map that it reads whole. */
function flattenedMaps({ graph }: BuiltNetwork): Map<string, Shape> {
  const found = new Map<string, Shape>();
  for (const { op, inputs } of graph.nodes) {
    const [x, weight] = inputs;
    if (op.name !== ops.matmul.name || weight?.source.kind !== 'state' || x?.source.kind !== 'node') continue;
    const { node } = x.source;
    const map = node.inputs[0]?.type.shape ?? [];
    if (node.op.name === ops.reshape.name && map.length === 4)
      found.set(weight.source.name.replace(/\.weight$/, ''), map.slice(1));
  }
  return found;
}

const isClassifier = ({ path }: NetworkLayer) => path === 'classifier';

const inGroups = /^((?:stage|block)\d+)\.((?:block|layer)\d+)\.(.+)$/;
const inRow = /^(stage\d+)\.((conv|norm)(\d+))$/;

function placeOf(path: string): Pick<NetworkLayer, 'unit' | 'within' | 'group'> {
  const nested = inGroups.exec(path);
  if (nested) return { group: nested[1] as string, unit: `${nested[1]}.${nested[2]}`, within: nested[3] as string };
  // a convolution of a stack, and its batch norm
  const row = inRow.exec(path);
  if (row) return { group: row[1] as string, unit: `${row[1]}.${row[4]}`, within: row[3] as string };
  const [first = path, ...rest] = path.split('.');
  return { group: first, unit: first, within: rest.join('.') };
}
