/** What torch computed with the weights of a checkpoint, and how far Skein is from it. */
import { readFile } from 'node:fs/promises';
import type { Checkpoint } from '../src/checkpoint/index.ts';
import { recogniseNames } from '../src/models/index.ts';
import type { Tensor } from '../src/tensor/index.ts';
import { readTorchFile } from '../src/torch/index.ts';
import { distance } from './distance.ts';
import { type RanOnce, ranOnce } from './ran-once.ts';

export interface Compared {
  readonly ours: RanOnce;
  readonly logits: number;
  readonly trainingLogits: number;
  /** By torch's names, largest first. */
  readonly gradients: readonly (readonly [name: string, distance: number])[];
  readonly after: readonly (readonly [name: string, distance: number])[];
}

/** @param path a file of torchvision_peer.py: `logits`, `training.logits`, `gradient.NAME`, `after.NAME`, and what they were made from */
export async function comparedWithTorch(checkpoint: Checkpoint, path: string, engine?: string): Promise<Compared> {
  const { tensors: reference } = readTorchFile(await readFile(path));
  const of = (key: string) => reference.get(key) as Tensor;
  const ours = await ranOnce(checkpoint, { image: of('image'), labels: of('labels'), lr: of('lr') }, engine);
  const distances = (values: ReadonlyMap<string, Tensor>, prefix: string) => {
    const keys = [...reference.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    const layers = [...(recogniseNames(keys)?.layers ?? [])];
    return layers
      .map(([own, theirs]) => [theirs, distance(values.get(own), of(`${prefix}${theirs}`))] as const)
      .sort(([, a], [, b]) => b - a);
  };
  return {
    ours,
    logits: distance(ours.logits, of('logits')),
    trainingLogits: distance(ours.trainingLogits, of('training.logits')),
    gradients: distances(ours.gradients, 'gradient.'),
    after: distances(ours.after, 'after.'),
  };
}
