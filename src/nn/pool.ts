/** Pooling over windows and over whole maps. */
import { averagePool2d, maxPool2d, mean, type PoolAttributes, type Value } from '../ir/index.ts';
import { formatShape, ShapeError } from '../tensor/index.ts';
import { type Extent, pairOf } from './extent.ts';

export interface PoolOptions {
  readonly kernel: Extent;
  /** Default: the kernel, so that windows touch. */
  readonly stride?: Extent;
  /** Rows above and below, columns left and right; default 0. */
  readonly padding?: Extent;
}

function attributesOf(where: string, { kernel, stride = kernel, padding = 0 }: PoolOptions): PoolAttributes {
  return {
    kernel: pairOf(`${where}: \`kernel\``, kernel, 1),
    stride: pairOf(`${where}: \`stride\``, stride, 1),
    padding: pairOf(`${where}: \`padding\``, padding, 0),
  };
}

/** The largest under each window of x [N, C, H, W]. @throws ShapeError where the window does not fit */
export function maxPool(x: Value, options: PoolOptions): Value {
  return maxPool2d(x, attributesOf('maxPool', options));
}

/** The mean under each window of x [N, C, H, W]; padding counts as zeros. @throws ShapeError where the window does not fit */
export function averagePool(x: Value, options: PoolOptions): Value {
  return averagePool2d(x, attributesOf('averagePool', options));
}

/** The mean of each map: [N, C, H, W] to [N, C] (Lin et al. 2013, arXiv 1312.4400, §3.2). @throws ShapeError unless x has four axes */
export function globalAveragePool(x: Value): Value {
  if (x.type.shape.length !== 4)
    throw new ShapeError(
      `globalAveragePool: expected \`x\` to be [N, C, H, W], but it is ${formatShape(x.type.shape)}`,
    );
  return mean(x, [2, 3]);
}
