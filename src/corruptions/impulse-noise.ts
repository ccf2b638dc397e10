import { defineCorruption } from './corruption.ts';
import { eachShare } from './pixels/shares.ts';

/** Salt and pepper: single levels become 255 or 0, equally often, as of broken bits. The constants are the share of levels that do. */
export const impulseNoise = defineCorruption({
  name: 'impulseNoise',
  about: 'makes single levels full or empty',
  category: 'noise',
  large: [0.03, 0.06, 0.09, 0.17, 0.27],
  small: [0.01, 0.02, 0.03, 0.05, 0.07],
  apply: (image, amount, random) =>
    eachShare(image, (share) => (random.uniform() < amount ? Math.round(random.uniform()) : share)),
});
