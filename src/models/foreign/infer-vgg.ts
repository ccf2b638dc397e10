/** Which conventional network weights belong to. */
import { imageNetVgg } from '../imagenet-vgg.ts';
import { vggDepths, vggStages } from '../vgg.ts';
import type { InferredNetwork } from './inferred-network.ts';
import { cannotTell, type SeenLayers } from './seen-layers.ts';

/** @throws CheckpointError where Skein has no such network */
export function inferVgg(layers: SeenLayers): InferredNetwork {
  if (!layers.has('head.linear1'))
    throw cannotTell(
      'of conventional networks it can tell those for large images, with two wide layers before the classifier',
    );
  const counts = layers.counts('stage', 'conv');
  const depth = vggDepths.find((known) => String(vggStages(known)) === String(counts));
  if (depth === undefined)
    throw cannotTell(
      `its stages have ${counts.join(', ')} convolutions, and Skein's depths are ${vggDepths.join(', ')}`,
    );
  return { form: 'vgg', network: imageNetVgg({ depth, batchNorm: layers.has('stage1.norm1') }), notes: [] };
}
