/**
 * Mean and variance by channel, computed once for each feature: what a concatenation joins keeps its statistics, so that a dense block
 * measures every feature once instead of once for each later layer.
 */
import { batchStatistics, concat, ops, type Value } from '../ir/index.ts';
import { statisticsOfRanks } from './statistics-of-ranks.ts';

/** Two vectors [C]; the variance is the biased one. */
export interface ChannelStatistics {
  readonly mean: Value;
  readonly variance: Value;
}

const known = new WeakMap<Value, ChannelStatistics>();

/** The batch statistics of x [N, C, …]; where the batch is shared out, those of the whole. @throws ShapeError */
export function channelStatistics(x: Value): ChannelStatistics {
  const before = known.get(x);
  if (before) return before;
  const { source } = x;
  const joinsChannels =
    source.kind === 'node' && source.node.op.name === ops.concat.name && source.node.attributes.axis === 1;
  const statistics = joinsChannels ? join(source.node.inputs.map(channelStatistics)) : measure(x);
  known.set(x, statistics);
  return statistics;
}

const measure = (x: Value) => (x.graph.ranks ? statisticsOfRanks(x, x.graph.ranks) : batchStatistics(x));

function join(parts: readonly ChannelStatistics[]): ChannelStatistics {
  const joined = (which: keyof ChannelStatistics) =>
    concat(
      parts.map((part) => part[which]),
      0,
    );
  return { mean: joined('mean'), variance: joined('variance') };
}
