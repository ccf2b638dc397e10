/** Which of Skein's networks weights belong to, from their names and shapes alone. */
import type { Network } from '../../nn/index.ts';
import { ConfigError, type Shape } from '../../tensor/index.ts';
import { models } from '../models.ts';
import { inferDense } from './infer-dense.ts';
import { inferResidual } from './infer-residual.ts';
import { inferVgg } from './infer-vgg.ts';
import type { InferredNetwork } from './inferred-network.ts';
import type { Naming } from './naming.ts';
import { cannotTell, SeenLayers } from './seen-layers.ts';

/**
 * The network whose state has these names and shapes, under its published name where it has one. Its image size is the usual one.
 * @param shapes by Skein's names
 * @param naming whose names they were, which may say more
 * @throws CheckpointError where Skein has no such network
 */
export function inferNetwork(
  shapes: ReadonlyMap<string, Shape>,
  naming: Pick<Naming, 'shortcut'> = {},
): InferredNetwork {
  const guess = guessed(new SeenLayers(shapes), naming);
  return { ...guess, network: published(guess.network) };
}

function guessed(layers: SeenLayers, naming: Pick<Naming, 'shortcut'>): InferredNetwork {
  try {
    if (layers.has('stage1.block1.conv1')) return inferResidual(layers, naming);
    if (layers.has('block1.layer1.conv1')) return inferDense(layers);
    if (layers.has('stage1.conv1')) return inferVgg(layers);
  } catch (error) {
    // shapes that ask for an impossible option, such as half a group
    if (error instanceof ConfigError) throw cannotTell(error.message);
    throw error;
  }
  throw cannotTell('there are neither residual blocks nor dense ones among them');
}

/** Classes and image channels of weights; undefined where the layer that shows them is missing. */
export function sizesSeen(shapes: ReadonlyMap<string, Shape>): { classes?: number; channels?: number } {
  const [classes] = shapes.get('classifier.weight') ?? [];
  const [, channels] = shapes.get('stem.conv1.weight') ?? shapes.get('stage1.conv1.weight') ?? [];
  return { ...(classes !== undefined && { classes }), ...(channels !== undefined && { channels }) };
}

function published(network: Network): Network {
  const text = (options: object) => JSON.stringify(Object.entries(options).sort());
  for (const model of models.values()) {
    const { options, image } = model.network;
    if (image?.height === network.image?.height && text(options) === text(network.options)) return model.network;
  }
  return network;
}
