import { defineCorruption } from './corruption.ts';
import { bellBlurred } from './pixels/bell.ts';
import { eachPlane } from './pixels/shares.ts';

/** The constants are the bell's standard deviation in pixels. */
export const gaussianBlur = defineCorruption({
  name: 'gaussianBlur',
  about: 'blurs by a bell',
  category: 'blur',
  standing: 'extra',
  large: [1, 2, 3, 4, 6],
  small: [0.4, 0.6, 0.7, 0.8, 1],
  apply: (image, sigma) => eachPlane(image, (plane) => bellBlurred(plane, image, sigma)),
});
