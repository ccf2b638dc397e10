/** Conventional networks for comparison: VGG's form at the cost of another network. */
import { plan } from '../../ir/index.ts';
import { vgg } from '../../models/index.ts';
import type { ImageSize, Network } from '../../nn/index.ts';
import { predictionProgram } from '../../step/index.ts';

/** What an image of the data is, and how many classes it has. */
export interface ImageKind {
  readonly image: ImageSize;
  readonly classes: number;
}

/** Multiply-adds of one image's prediction. */
export const macsOf = (network: Network, { image, classes }: ImageKind): number =>
  plan(predictionProgram({ network, image, classes, batchSize: 1 })).macs;

/** VGG-11 with batch norms at the width whose multiply-adds are nearest to those of `network`. */
export function conventionalLike(network: Network, kind: ImageKind): Network {
  const target = macsOf(network, kind);
  const of = (width: number) => ({ network: vgg({ depth: 11, width }), width });
  let [below, above] = [of(1), of(1)];
  // the multiply-adds grow with the width
  while (macsOf(above.network, kind) < target) [below, above] = [above, of(above.width + 1)];
  const distance = (one: { readonly network: Network }) => Math.abs(macsOf(one.network, kind) - target);
  return distance(below) < distance(above) ? below.network : above.network;
}
