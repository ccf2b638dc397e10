import { expect, it } from 'vitest';
import { repeatedAugmentation } from '../augmentations/index.ts';
import { memoryDataset } from '../data/index.ts';
import type { Ranks } from '../engines/index.ts';
import { batchCounts, rowOrder } from './batch-counts.ts';

const dataset = memoryDataset({
  name: 'unequal',
  classes: ['rare', 'common'],
  channels: 1,
  height: 1,
  width: 1,
  pixels: new Uint8Array(4),
  labels: [0, 1, 1, 1],
});
/** One batch of four, in which each of the first two samples comes twice. */
const source = {
  dataset,
  order: [0, 1, 2, 3],
  batchSize: 4,
  augment: [repeatedAugmentation({ times: 2 })],
  normalisation: { mean: [0], std: [1] },
};
const settings = { batchSize: 4, accumulate: 1, weightOfSample: Float64Array.of(10, 1, 1, 1) };

it('samples that come again count in each rank’s share as often as they come', () => {
  const order = rowOrder({ settings, phase: { isOnFeatures: false } }, source);
  const ofRank = (rank: number) => ({ ranks: { rank, size: 2 } as Ranks, syncBatchNorm: false });
  const counts = [0, 1].map((rank) => batchCounts({ ...settings, ranks: ofRank(rank) }, order)({ index: 0, count: 2 }));
  expect(counts.map(({ share }) => share)).toEqual([20 / 22, 2 / 22]);
  expect(counts.reduce((sum, { own }) => sum + own, 0)).toBeCloseTo(4, 10);
});

it('on features each sample comes once', () => {
  expect(rowOrder({ settings, phase: { isOnFeatures: true } }, source)).toBe(source.order);
});
