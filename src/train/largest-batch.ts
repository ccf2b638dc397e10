/** The largest batch whose planned memory stays within a limit. */
import { ShapeError } from '../tensor/index.ts';

/**
 * The most images for which `bytesOf` stays within `limit`; 0 where one image is too many. Planned memory is the largest of many sums that
 * grow evenly with the batch, so a line through two batch sizes leads near; what is returned has been tried, and so has one more.
 */
export function largestBatch(bytesOf: (batch: number) => number, limit: number): number {
  let [low, lowBytes] = [2, bytesOf(2)];
  // a single image may have too few numbers for a batch norm
  if (lowBytes > limit) return planned(bytesOf, 1) <= limit ? 1 : 0;
  let [high, highBytes] = [4, bytesOf(4)];
  while (highBytes <= limit) {
    const perImage = (highBytes - lowBytes) / (high - low);
    [low, lowBytes] = [high, highBytes];
    high = low + Math.max(1, Math.floor((limit - lowBytes) / perImage));
    highBytes = bytesOf(high);
  }
  // a steeper sum that begins near `high` makes the line creep up from `low`: from the fourth guess on it is halved
  for (let step = 0; high - low > 1; step++) {
    const share = step < 3 ? (limit - lowBytes) / (highBytes - lowBytes) : 0.5;
    const guess = Math.min(high - 1, Math.max(low + 1, low + Math.floor(share * (high - low))));
    const bytes = bytesOf(guess);
    if (bytes <= limit) [low, lowBytes] = [guess, bytes];
    else [high, highBytes] = [guess, bytes];
  }
  return low;
}

function planned(bytesOf: (batch: number) => number, batch: number): number {
  try {
    return bytesOf(batch);
  } catch (error) {
    if (error instanceof ShapeError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
