/** Layers as short texts that are equal where one can stand for the other. */
import type { Shape } from '../../tensor/index.ts';
import type { FileLayer } from './file-layers.ts';
import type { NetworkLayer } from './network-layers.ts';

const signature = (kind: string, shape: Shape, hasBias: boolean) =>
  // a 1×1 convolution is a linear layer
  `${kind} ${shape.length === 4 && shape[2] === 1 && shape[3] === 1 ? shape.slice(0, 2) : shape}${hasBias ? ' bias' : ''}`;

const hasBias = ({ kind, roles }: NetworkLayer) => kind === 'map' && roles.includes('bias');

export const signatureOf = (layer: NetworkLayer): string => signature(layer.kind, layer.shape, hasBias(layer));

/** What layers of a file may look like, and which of a network's they are then. */
export type Likenesses = ReadonlyMap<string, string>;

export function likenesses(layers: readonly NetworkLayer[]): Likenesses {
  return new Map(
    layers.flatMap((layer): [string, string][] => {
      const own = signatureOf(layer);
      // a linear layer that reads a whole map is a convolution over it
      const over = layer.reads && signature(layer.kind, [layer.shape[0] as number, ...layer.reads], hasBias(layer));
      return over === undefined
        ? [[own, own]]
        : [
            [own, own],
            [over, own],
          ];
    }),
  );
}

/** As the network has it, where it has such a layer. */
export function signatureIn(known: Likenesses, { kind, shape, tensors }: FileLayer): string {
  const own = signature(kind, shape, kind === 'map' && tensors.has('bias'));
  return known.get(own) ?? own;
}
