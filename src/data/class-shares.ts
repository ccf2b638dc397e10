/** Soft labels as people read them. */

/** A class of a sample, and how much of it. */
export interface ClassShare {
  readonly label: number;
  /** 0 to 1. */
  readonly share: number;
}

/** Less than this is the smoothing of labels, and no picture that was mixed in. */
const least = 0.05;

/** The classes of the sample at `row` of targets [batchSize, classes], the largest share first. */
export function classSharesOf(targets: Float32Array, row: number, classes: number): ClassShare[] {
  const own = [...targets.subarray(row * classes, (row + 1) * classes)].map((share, label) => ({ label, share }));
  return own.filter(({ share }) => share >= least).sort((a, b) => b.share - a.share || a.label - b.label);
}

/** cat; or 0.7 cat + 0.3 dog, where there are several, of which the first three are named. */
export function sharesText(shares: readonly ClassShare[], classes: readonly string[]): string {
  const [first] = shares;
  if (first && shares.length === 1 && first.share >= 0.995) return classes[first.label] as string;
  const words = shares.slice(0, 3).map(({ label, share }) => `${Number(share.toFixed(2))} ${classes[label]}`);
  return [...words, ...(shares.length > 3 ? ['…'] : [])].join(' + ');
}
