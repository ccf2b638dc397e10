/** Whether two shares of images differ by more than chance. */

/** A share of `of` images. */
export interface Share {
  readonly share: number;
  readonly of: number;
}

/** What two shares say of which is larger. */
export interface ShareDifference {
  /** The first one's minus the second one's. */
  readonly difference: number;
  /** Half of the 95 % interval. */
  readonly margin: number;
  /** Which is larger; undefined where the interval holds 0. */
  readonly larger: 'first' | 'second' | undefined;
}

/**
 * The difference of two independent shares with Agresti and Caffo's interval (2000): Wald's with two images added to each, one of them wrong.
 * It knows of the images that were taken, and not of other seeds.
 */
export function shareDifference(first: Share, second: Share): ShareDifference {
  const adjusted = ({ share, of }: Share) => ({ p: (share * of + 1) / (of + 2), n: of + 2 });
  const [a, b] = [adjusted(first), adjusted(second)];
  const margin = 1.96 * Math.sqrt((a.p * (1 - a.p)) / a.n + (b.p * (1 - b.p)) / b.n);
  const middle = a.p - b.p;
  return {
    difference: first.share - second.share,
    margin,
    larger: middle > margin ? 'first' : middle < -margin ? 'second' : undefined,
  };
}
