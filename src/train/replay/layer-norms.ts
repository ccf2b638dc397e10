/** How large weights, gradients and updates are, layer by layer. */
import type { Tensor } from '../../tensor/index.ts';

/** Euclidean norms of a layer, or of one of its parameters. */
export interface LayerNorms {
  /** `stage1.block1.conv1`, or `stage1.block1.conv1.weight`. */
  readonly path: string;
  readonly size: number;
  /** Before the step. */
  readonly weights: number;
  /** Of the loss by them, as it is before a limit of its norm; without weight decay, which is the optimiser's. */
  readonly gradient: number;
  /** Of what the step added to them. */
  readonly update: number;
}

/** Of every parameter. @param squaredGradients in the order of `names` */
export function parameterNorms(
  names: readonly string[],
  before: ReadonlyMap<string, Tensor>,
  after: ReadonlyMap<string, Tensor>,
  squaredGradients: ArrayLike<number>,
): LayerNorms[] {
  return names.map((path, i) => {
    const [old, next] = [before.get(path)?.data ?? [], after.get(path)?.data ?? []];
    return {
      path,
      size: old.length,
      weights: Math.sqrt(squares(old.length, (j) => Number(old[j]))),
      gradient: Math.sqrt(squaredGradients[i] as number),
      update: Math.sqrt(squares(old.length, (j) => Number(next[j]) - Number(old[j]))),
    };
  });
}

/** Of every layer: a layer is all before the last word of a parameter's name. */
export function layerNorms(parameters: readonly LayerNorms[]): LayerNorms[] {
  const paths = new Set(parameters.map(({ path }) => layerOf(path)));
  return [...paths].map((path) => {
    const own = parameters.filter((one) => layerOf(one.path) === path);
    return { ...together(own), path };
  });
}

/** Of all of them as one. */
export function together(all: readonly LayerNorms[]): Omit<LayerNorms, 'path'> {
  const norm = (key: 'weights' | 'gradient' | 'update') => Math.hypot(...all.map((one) => one[key]));
  return {
    size: all.reduce((sum, { size }) => sum + size, 0),
    weights: norm('weights'),
    gradient: norm('gradient'),
    update: norm('update'),
  };
}

const layerOf = (path: string) => path.split('.').slice(0, -1).join('.') || path;

function squares(length: number, of: (index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += of(i) ** 2;
  return sum;
}
