import type { Random } from '../tensor/index.ts';
import { defineCorruption } from './corruption.ts';
import { eachShare } from './pixels/shares.ts';

/** Noise of light that comes in single photons. The constants are how many there are where a channel is full. */
export const shotNoise = defineCorruption({
  name: 'shotNoise',
  about: 'counts photons, of which few come by',
  category: 'noise',
  large: [60, 25, 12, 5, 3],
  small: [500, 250, 100, 75, 50],
  apply: (image, photons, random) => eachShare(image, (share) => poisson(share * photons, random) / photons),
});

/** A draw from Poisson's distribution by inversion: exact, one uniform number each, and as many steps as it is large. @param mean below 700 */
export function poisson(mean: number, random: Random): number {
  const uniform = random.uniform();
  let probability = Math.exp(-mean);
  let below = probability;
  let count = 0;
  // beyond this what is left is less than a uniform number can tell
  for (const most = mean + 12 * Math.sqrt(mean) + 30; uniform >= below && count < most; ) {
    count++;
    probability *= mean / count;
    below += probability;
  }
  return count;
}
