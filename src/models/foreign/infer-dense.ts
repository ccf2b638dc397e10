/** Which dense network weights belong to. */
import { densenet } from '../densenet.ts';
import { imageNetDensenet } from '../imagenet-densenet.ts';
import type { InferredNetwork } from './inferred-network.ts';
import { cannotTell, expectPlausibleDepth, type SeenLayers } from './seen-layers.ts';

/** @throws CheckpointError where Skein has no such network */
export function inferDense(layers: SeenLayers): InferredNetwork {
  const counts = layers.counts('block', 'layer');
  const bottleneck = layers.has('block1.layer1.conv2');
  expectPlausibleDepth(counts, bottleneck ? 2 : 1);
  const [growth = 0] = layers.weight(`block1.layer1.conv${bottleneck ? 2 : 1}`, 4);
  const [stem = 0] = layers.weight('stem.conv1', 4);
  if (layers.has('stem.norm1')) {
    if (!bottleneck)
      throw cannotTell('with a norm after the first convolution, Skein has only layers with bottlenecks');
    return { form: 'densenet', network: imageNetDensenet({ layers: counts, growth, stem }), notes: [] };
  }
  const [first = 0] = counts;
  if (counts.some((count) => count !== first))
    throw cannotTell(
      `its blocks have ${counts.join(', ')} layers, and without a norm after the first convolution Skein's have as many each`,
    );
  const blocks = counts.length;
  const depth = first * blocks * (bottleneck ? 2 : 1) + blocks + 1;
  const compression = compressionOf(layers, blocks);
  const network = densenet({ depth, growth, blocks, bottleneck, compression, stem });
  return { form: 'densenet-small', network: nameOf(network, compression, bottleneck), notes: [] };
}

/** A transition keeps ⌊θ · channels⌋: the plainest θ that all of them agree with. */
function compressionOf(layers: SeenLayers, blocks: number): number {
  const kept = Array.from({ length: blocks - 1 }, (_, i) => layers.weight(`transition${i + 1}.conv1`, 4));
  const [to = 1, from = 1] = kept[0] ?? [];
  const parts = (count: number) => Array.from({ length: count - 1 }, (_, i) => (i + 1) / count);
  const plain = [1, 0.5, ...parts(10), ...parts(100), to / from, (to + 0.5) / from];
  const found = plain.find((theta) => kept.every(([out, input = 0]) => Math.floor(theta * input) === out));
  if (found === undefined) throw cannotTell('its transitions do not keep the same share of their channels');
  return found;
}

/** `densenet-bc100-k12` says a compression of 0.5, `densenet100-k12` one of 1; any other is part of the name. */
function nameOf<N extends { readonly name: string }>(network: N, compression: number, bottleneck: boolean): N {
  if (compression === (bottleneck ? 0.5 : 1)) return network;
  return { ...network, name: `${network.name}-theta${Number(compression.toFixed(4))}` };
}
