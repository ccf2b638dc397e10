/**
 * Probabilities of several tests, each corrected for there being several: what is below 0.05 then has together a chance of at most 5 % to hold
 * anything that is chance alone, however the tests depend on each other. In the order given.
 * Holm (1979), A simple sequentially rejective multiple test procedure, as adjusted probabilities: max over those up to it of (m − i + 1) p₍ᵢ₎.
 */
export function holm(probabilities: readonly number[]): number[] {
  const count = probabilities.length;
  const order = probabilities.map((_, i) => i).sort((a, b) => (probabilities[a] ?? 1) - (probabilities[b] ?? 1));
  const corrected = new Array<number>(count).fill(1);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (count - rank) * (probabilities[index] ?? 1)));
    corrected[index] = largest;
  });
  return corrected;
}
