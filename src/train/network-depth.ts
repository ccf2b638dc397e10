/** The layers of a network in the order of their depth, as fine-tuning takes them. */
import { headOf, isWithin, type Program } from '../ir/index.ts';
import type { NetworkDepth } from './fine-tuning/fine-tuning.ts';

/** @throws ConfigError where the network has no head */
export function depthOf(prediction: Program): NetworkDepth {
  const { path: head } = headOf(prediction);
  const entries = [...prediction.graph.state];
  const layers = entries.map(([name]) => layerOf(name)).filter((path) => !isWithin(path, head));
  const measured = entries.filter(([, { source }]) => source.kind === 'state' && source.role === 'statistic');
  return {
    head,
    groups: [...new Set(layers.map((path) => outermostWithout(path, head)))],
    batchNorms: [...new Set(measured.map(([name]) => layerOf(name)))],
  };
}

const layerOf = (entry: string) => entry.split('.').slice(0, -1).join('.');

/** The shortest path on the way to `layer` that `head` is not within. */
function outermostWithout(layer: string, head: string): string {
  const words = layer.split('.');
  const paths = words.map((_, i) => words.slice(0, i + 1).join('.'));
  return paths.find((path) => !isWithin(head, path)) ?? layer;
}
