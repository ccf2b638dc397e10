/** What augmentation draws from: named after the seed, the epoch and the sample, so that nothing depends on who draws first. */
import { Random } from '../tensor/index.ts';

export const epochStream = (seed: number, epoch: number): Random => new Random(seed).fork('augment').fork(epoch);

/** @param repeat how often the sample came before in this epoch */
export function sampleStream(
  ofEpoch: Random,
  { index, repeat }: { readonly index: number; readonly repeat: number },
): Random {
  const first = ofEpoch.fork(index);
  return repeat === 0 ? first : first.fork('again').fork(repeat);
}
