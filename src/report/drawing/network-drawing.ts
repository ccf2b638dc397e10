/** A network as data to draw: parts on one spine from the image to the logits, and arcs beside it. */
import type { ConnectionKind, Layer, LayerCost, NetworkStructure } from '../../ir/index.ts';
import { withBlocks } from './blocks.ts';
import { partsIn } from './parts-in.ts';
import { withRuns } from './runs.ts';
import { spineOf } from './spine.ts';

/** What is drawn: as `inspectNetwork` describes it. */
export interface DrawnNetwork {
  readonly name: string;
  readonly image: { readonly channels: number; readonly height: number; readonly width: number };
  readonly classes: number;
  readonly layers: readonly Layer[];
  readonly structure: NetworkStructure;
  readonly params: number;
  readonly macs: number;
  readonly activationBytes: number;
  readonly batchSize: number;
  /** Planned for a batch; absent where only the prediction graph is known. */
  readonly training?: { readonly totalBytes: number };
  readonly prediction: { readonly totalBytes: number };
}

/**
 * A layer; a block (a group that holds layers alone, or the layers around which a shortcut leads); a dense block; equal neighbours
 * as one; or any other group, such as a stage.
 */
export type PartKind = 'layer' | 'block' | 'dense' | 'run' | 'group';

/** A part of the spine, with its sums. Shapes are without the batch. */
export interface DrawnPart extends LayerCost {
  /** The path of its layers, or of its first layer where the network has no name for it. */
  readonly id: string;
  readonly name: string;
  readonly kind: PartKind;
  /** What it does, in the papers' words: `3×3 conv, 64, /2`. */
  readonly label: string;
  /** Of a layer. */
  readonly op?: string;
  readonly output: readonly number[];
  /** Its first and last layer, counted along the spine. */
  readonly first: number;
  readonly last: number;
  /** Empty for a layer. */
  readonly parts: readonly DrawnPart[];
  /** Of a dense block. */
  readonly strip?: DenseStrip;
}

/** A dense block's layers. */
export interface DenseStrip {
  /** Channels of the block's input. */
  readonly inputChannels: number;
  readonly rows: readonly DenseRow[];
}

/** One layer of a dense block: all that is between two concatenations. */
export interface DenseRow extends LayerCost {
  readonly name: string;
  readonly label: string;
  /** Channels that it adds. */
  readonly growth: number;
  /** Channels of all that came before. */
  readonly reads: number;
  /** The rows whose features it reads; −1 is the block's input. */
  readonly sources: readonly number[];
}

/** A way around layers, beside the spine. */
export interface DrawnArc {
  readonly kind: ConnectionKind;
  /** It leaves the spine above this layer … */
  readonly start: number;
  /** … and joins it again in this one. */
  readonly end: number;
  /** Arcs that overlap stand in lanes beside each other; 0 is next to the spine. */
  readonly lane: number;
  /** What is on it: `1×1 conv, 256`; '' for nothing. */
  readonly label: string;
  /** Trained numbers on it. */
  readonly params: number;
}

export interface NetworkDrawing {
  readonly name: string;
  readonly input: readonly [channels: number, height: number, width: number];
  readonly classes: number;
  /** Convolutions and linear layers on the longest path. */
  readonly depth: number;
  readonly parts: readonly DrawnPart[];
  readonly arcs: readonly DrawnArc[];
  readonly lanes: number;
  readonly totals: Pick<DrawnNetwork, 'params' | 'macs' | 'activationBytes' | 'batchSize' | 'training' | 'prediction'>;
}

/** The drawing of a network: its groups by the names of its layers, its blocks and arcs by its graph. */
export function networkDrawing(network: DrawnNetwork): NetworkDrawing {
  const { name, image, classes, params, macs, activationBytes, batchSize, training, prediction } = network;
  const spine = spineOf(network);
  const { arcs } = spine;
  const parts = withRuns(withBlocks(spine.parts, arcs, network.structure.denseEdges), arcs);
  return {
    name,
    input: [image.channels, image.height, image.width],
    classes,
    depth: network.structure.depth,
    parts,
    arcs,
    lanes: Math.max(0, ...arcs.map(({ lane }) => lane + 1)),
    totals: { params, macs, activationBytes, batchSize, prediction, ...(training && { training }) },
  };
}

/** Connections within dense blocks: l for the l-th layer of each. */
export function denseEdgeCount({ parts }: Pick<NetworkDrawing, 'parts'>): number {
  let edges = 0;
  for (const { strip } of partsIn(parts)) for (const { sources } of strip?.rows ?? []) edges += sources.length;
  return edges;
}
