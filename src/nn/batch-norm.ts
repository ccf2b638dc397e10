/** Batch normalisation (Ioffe and Szegedy 2015, arXiv 1502.03167) with running statistics as PyTorch keeps them. */
import { add, multiply, normalise, subtract, type Value } from '../ir/index.ts';
import { formatShape, ShapeError, sizeOf } from '../tensor/index.ts';
import { channelStatistics } from './channel-statistics.ts';
import { constant } from './initialisers.ts';
import { layerName } from './layer-name.ts';
import { countOverRanks } from './statistics-of-ranks.ts';

export interface BatchNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /** Share of the newest batch in the running statistics; default 0.1. */
  readonly momentum?: number;
  /** Default 1; 0 makes a residual block start as the identity (Goyal et al. 2017, arXiv 1706.02677, §5.1). */
  readonly initialWeight?: number;
  /** Instead of `norm1`, `norm2`, …. */
  readonly name?: string;
}

/**
 * Normalises each channel of x [N, C, …], then scales by `weight` and shifts by `bias` [C]. In training by the batch's own mean and
 * biased variance, which also move the statistics `mean` and `variance` [C], the latter by the unbiased estimate; in prediction by those. In
 * a graph of one of several ranks (`Graph.ranks`) the batch is that of all ranks.
 * @throws ShapeError where x has fewer than two axes, or a training batch has only one number per channel
 */
export function batchNorm(x: Value, options: BatchNormOptions = {}): Value {
  const { epsilon = 1e-5, momentum = 0.1, initialWeight = 1, name } = options;
  const { graph } = x;
  const { shape } = x.type;
  const channels = shape[1];
  if (channels === undefined)
    throw new ShapeError(`batchNorm: expected \`x\` to be [N, C, …], but it is ${formatShape(shape)}`);

  const path = layerName(x, 'norm', name);
  const weight = graph.entry(`${path}.weight`, [channels], 'parameter', constant(initialWeight));
  const bias = graph.entry(`${path}.bias`, [channels], 'parameter', constant(0));
  const running = {
    mean: graph.entry(`${path}.mean`, [channels], 'statistic', constant(0)),
    variance: graph.entry(`${path}.variance`, [channels], 'statistic', constant(1)),
  };
  if (!graph.trains(path)) return normalise(x, running.mean, running.variance, weight, bias, epsilon);

  const count = graph.ranks ? countOverRanks(x, graph.ranks) : sizeOf(shape) / channels;
  if (count < 2)
    throw new ShapeError(
      `batchNorm: a variance needs at least two numbers per channel, but x is ${formatShape(shape)}`,
      'train with a larger batch or larger images',
    );
  const batch = channelStatistics(x);
  // running = running + momentum · (batch − running), its variance with n − 1 in place of n
  const move = (old: Value, measured: Value) => add(old, multiply(subtract(measured, old), momentum));
  graph.update(`${path}.mean`, move(running.mean, batch.mean));
  graph.update(`${path}.variance`, move(running.variance, multiply(batch.variance, count / (count - 1))));
  return normalise(x, batch.mean, batch.variance, weight, bias, epsilon);
}
