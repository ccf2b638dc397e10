/** What is measured of each network's reliability, over seeds and on the same spoilt images. */
import { holm, type PairedTTest, pairedTTest } from '../../metrics/index.ts';
import { mean } from '../arithmetic/averages.ts';
import { disagreement } from '../arithmetic/reliability.ts';
import type { ReliabilityResult } from './reliability-result.ts';

type NetworkReliability = ReliabilityResult['networks'][number];

/** Its numbers over all seeds; 0 to 1. */
export function summaryOf({ network, seeds, corrupted }: NetworkReliability) {
  const accuracies = seeds.map(({ fit }) => fit.accuracy);
  const after = seeds.flatMap(({ fitAfter }) => (fitAfter === null ? [] : [fitAfter.error]));
  return {
    network,
    accuracy: mean(accuracies),
    spread: Math.max(...accuracies) - Math.min(...accuracies),
    disagreement: seeds.length < 2 ? null : disagreement(seeds.map(({ answers }) => answers)),
    error: mean(seeds.map(({ fit }) => fit.error)),
    errorAfter: after.length === 0 ? null : mean(after),
    confidence: mean(seeds.map(({ fit }) => fit.confidence)),
    /** Whether the error of every seed is above what 95 % of networks with right confidence have. */
    isOff: seeds.every(({ fit }) => fit.error > fit.chance.high),
    chance: mean(seeds.map(({ fit }) => fit.chance.mean)),
    chanceHigh: Math.max(...seeds.map(({ fit }) => fit.chance.high)),
    clean: corrupted.clean,
    corrupted: mean(corrupted.top1),
    /** That were spoilt. */
    images: corrupted.images.length,
  };
}

/** Differences of accuracy on corrupted images, image by image: the last network less each other one, `p` corrected (Holm 1979). */
export function corruptionDifferences({ networks }: ReliabilityResult): (PairedTTest & {
  readonly first: string;
  readonly second: string;
})[] {
  const last = networks.at(-1) as NetworkReliability;
  const found = networks.slice(0, -1).map(({ network, corrupted }) => ({
    first: last.network,
    second: network,
    ...pairedTTest(last.corrupted.images.map((own, i) => own - (corrupted.images[i] as number))),
  }));
  const corrected = holm(found.map(({ p }) => p));
  return found.map((one, i) => ({ ...one, p: corrected[i] as number }));
}
