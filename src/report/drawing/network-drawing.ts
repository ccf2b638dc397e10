/** A network as data to draw: parts on one spine from the image to the logits, and arcs beside it. */
import { withBlocks } from './blocks.ts';
import type { DrawnArc } from './drawn-arc.ts';
import type { DrawnNetwork } from './drawn-network.ts';
import type { DrawnPart } from './drawn-part.ts';
import { partsIn } from './parts-in.ts';
import { withRuns } from './runs.ts';
import { spineOf } from './spine.ts';

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
