/** Whether a network can be built at all, and what comes of it. */
import { defineProgram, plan, structureOf } from '../../ir/index.ts';
import { buildNetwork, type ImageSize, type Network } from '../../nn/index.ts';
import { ConfigError, ShapeError } from '../../tensor/index.ts';

/** What a network is, or why there is none. */
export type BuildAttempt =
  | {
      readonly error: null;
      readonly params: number;
      /** Multiply-adds of one image. */
      readonly macs: number;
      /** Convolutions and matrix products on the longest path. */
      readonly depth: number;
      /** Ways around layers into a sum. */
      readonly shortcuts: number;
      /** Joins of what layers made before. */
      readonly concatenations: number;
    }
  | { readonly error: string };

/** Builds it for one image. What it throws besides ShapeError and ConfigError is thrown. */
export function tryToBuild(network: Network, image: ImageSize, classes: number): BuildAttempt {
  try {
    const { graph, logits } = buildNetwork(network, { batch: 1, image, classes, training: false });
    const outputs = new Map([['logits', logits]]);
    const program = defineProgram({ name: network.name, graph, outputs, updates: new Map() });
    const { connections, depth } = structureOf(program);
    const { params, macs } = plan(program);
    const concatenations = connections.filter(({ kind }) => kind === 'concat').length;
    const shortcuts = connections.filter(({ kind }) => kind !== 'concat' && kind !== 'inner').length;
    return { error: null, params, macs, depth, shortcuts, concatenations };
  } catch (error) {
    if (error instanceof ShapeError || error instanceof ConfigError) return { error: error.message };
    throw error;
  }
}
