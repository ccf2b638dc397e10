import { defineCorruption } from './corruption.ts';
import { eachShare } from './pixels/shares.ts';

/** Noise that is larger where there is more light. The constants are its standard deviation, in shares of the level. */
export const speckleNoise = defineCorruption({
  name: 'speckleNoise',
  about: 'multiplies by normal noise',
  category: 'noise',
  standing: 'extra',
  large: [0.15, 0.2, 0.35, 0.45, 0.6],
  small: [0.06, 0.1, 0.12, 0.16, 0.2],
  apply: (image, deviation, random) => eachShare(image, (share) => share + share * deviation * random.normal()),
});
