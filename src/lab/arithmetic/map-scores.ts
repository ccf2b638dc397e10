/** How much more a map tells of what the network uses than one that knows nothing, image by image. */
import { type PairedTTest, pairedTTest } from '../../metrics/index.ts';
import { ConfigError } from '../../tensor/index.ts';

/** Areas under the probability of the class (Petsiuk et al. 2018, §4.1), 0 to 1. */
export interface Areas {
  readonly insertion: number;
  readonly deletion: number;
}

/** A map's, and the means of random maps on a grid as fine. */
export interface MapScore extends Areas {
  readonly random: Areas;
}

/** Areas as shares of the answer's probability on the whole image: those of a surer network are larger whatever its maps mark. */
export const relativeTo = (probability: number, { insertion, deletion, random }: MapScore): MapScore => ({
  insertion: insertion / probability,
  deletion: deletion / probability,
  random: { insertion: random.insertion / probability, deletion: random.deletion / probability },
});

/** What is compared. */
export const measures = ['insertion', 'deletion'] as const;
export type Measure = (typeof measures)[number];

/** By how much the map is better than a random one: a larger insertion, a smaller deletion. */
const gainOf = (score: MapScore, measure: Measure): number =>
  measure === 'insertion' ? score.insertion - score.random.insertion : score.random.deletion - score.deletion;

export const gainsOf = (scores: readonly MapScore[], measure: Measure): number[] =>
  scores.map((score) => gainOf(score, measure));

/** Gains of the first less those of the second on the same images. @throws ConfigError where these are not equally many, or fewer than two */
export function gainDifference(first: readonly MapScore[], second: readonly MapScore[], measure: Measure): PairedTTest {
  if (first.length !== second.length)
    throw new ConfigError(
      `gainDifference: expected scores of the same images, but got ${first.length} and ${second.length}`,
    );
  const others = gainsOf(second, measure);
  return pairedTTest(gainsOf(first, measure).map((gain, i) => gain - (others[i] as number)));
}

/** What several differences say together; each is positive where the first network's maps tell more. */
export type MapsVerdict = 'less' | 'more' | 'both' | 'unclear';

/** @param differences each with its probability, corrected for their number */
export function mapsVerdict(differences: readonly { readonly mean: number; readonly p: number }[]): MapsVerdict {
  const real = differences.filter(({ p }) => p < 0.05);
  const [less, more] = [real.some(({ mean }) => mean < 0), real.some(({ mean }) => mean > 0)];
  if (less && more) return 'both';
  if (less) return 'less';
  return more ? 'more' : 'unclear';
}
