/** A comparison that nobody ran, for what shows it. */
import type { ComparisonData } from '../src/report/comparison/comparison-data.ts';

const seeds = 3;

const network = (name: string, mean: number, size: number): ComparisonData['networks'][number] => ({
  name,
  seeds,
  top1: { mean, low: mean - 0.012, high: mean + 0.012, over: 'seeds' },
  params: 270_000 * size,
  macs: 40e6 * size,
  imagesPerSecond: 900 / size,
  peakBytes: 2e8 * size,
  seconds: 90 * size,
  secondsToTarget: 45 * size,
  pareto: { macs: size <= 2, params: size <= 2, seconds: size === 1 },
  curves: Array.from({ length: seeds }, (_, seed) =>
    Array.from({ length: 6 }, (_, i) => {
      const top1 = mean - 0.3 / (i + 1) + 0.01 * seed;
      return {
        epoch: i + 1,
        train: { loss: 2 / (i + 1), top1 },
        validation: { loss: 2.2 / (i + 1), top1 },
        seconds: 15 * size,
      };
    }),
  ),
});

const longName = 'resnet110-with-a-name-that-is-longer-than-anybody-would-like';

/** Of four networks, whose names are short and long. */
export const madeUpComparison = (): ComparisonData => ({
  data: 'photos',
  split: 'test',
  images: 1000,
  seeds,
  left: 0,
  networks: [
    network('plain20', 0.81, 1),
    network('resnet20', 0.9, 1),
    network('densenet-bc40-k12', 0.89, 2),
    network(longName, 0.91, 4),
  ],
  differences: [
    {
      ...{ a: 'resnet20', b: 'plain20', mean: 0.09, interval: { low: 0.07, high: 0.11 }, isReal: true },
      words: 'resnet20 is better than plain20, by 7.0 to 11.0 points.',
    },
    {
      ...{ a: longName, b: 'resnet20', mean: 0.01, interval: { low: -0.02, high: 0.04 }, isReal: false },
      words: `Between ${longName} and resnet20 no difference can be seen.`,
    },
  ],
  notes: ['Seeds are compared pairwise: each is one split and one order of images.'],
  target: 0.75,
  failures: [{ network: 'plain20', seed: 2, message: 'its process ended' }],
  facts: [
    ['optimiser', 'sgd: momentum 0.9'],
    ['epochs', '6'],
  ],
  version: '1.2.3',
});
