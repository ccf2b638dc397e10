import { defineCorruption } from './corruption.ts';
import { eachShare } from './pixels/shares.ts';

/** Normal noise on each level by itself, as of little light. The constants are its standard deviation, in shares of 255. */
export const gaussianNoise = defineCorruption({
  name: 'gaussianNoise',
  about: 'adds normal noise, as of little light',
  category: 'noise',
  large: [0.08, 0.12, 0.18, 0.26, 0.38],
  small: [0.04, 0.06, 0.08, 0.09, 0.1],
  apply: (image, deviation, random) => eachShare(image, (share) => share + deviation * random.normal()),
});
