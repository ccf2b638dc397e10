/** How much of each layer dropout and stochastic depth let through. */
import type { Program } from '../../ir/index.ts';
import type { Tensor } from '../../tensor/index.ts';

/** A mask of a step, over its real images. */
export interface MaskShare {
  /** The layer's: `dropout1`, `stage1.block1.drop1`. */
  readonly path: string;
  readonly kind: 'dropout' | 'stochastic depth';
  /** The probability of a 0. */
  readonly rate: number;
  /** Numbers that are not 0, and of how many; of stochastic depth, images whose block took part. */
  readonly kept: number;
  readonly total: number;
}

/** @param fed what the program was fed. @param count real images, which come first */
export function maskShares(program: Program, fed: ReadonlyMap<string, Tensor>, count: number): MaskShare[] {
  return [...program.graph.inputs].flatMap(([path, { source, type }]) => {
    if (source.kind !== 'input' || source.provide?.kind !== 'dropout') return [];
    const mask = fed.get(path)?.data;
    if (!mask) return [];
    const total = (mask.length / (type.shape[0] ?? 1)) * count;
    let kept = 0;
    for (let i = 0; i < total; i++) if (Number(mask[i]) !== 0) kept++;
    const isByImage = type.shape.slice(1).every((extent) => extent === 1);
    return [{ path, kind: isByImage ? 'stochastic depth' : 'dropout', rate: Number(source.provide.note), kept, total }];
  });
}

/** The same masks over all batches of a step. */
export function addedUp(batches: readonly (readonly MaskShare[])[]): MaskShare[] {
  const [first = []] = batches;
  const sum = (at: number, key: 'kept' | 'total') => batches.reduce((all, masks) => all + (masks[at]?.[key] ?? 0), 0);
  return first.map((one, at) => ({ ...one, kept: sum(at, 'kept'), total: sum(at, 'total') }));
}
