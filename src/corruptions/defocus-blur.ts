import { defineCorruption } from './corruption.ts';
import { correlated } from './pixels/correlated.ts';
import { disk } from './pixels/disk.ts';
import { eachPlane } from './pixels/shares.ts';

/** A lens out of focus. The constants are the radius of its disk and how soft its border is, in pixels. */
export const defocusBlur = defineCorruption<readonly [radius: number, softness: number]>({
  name: 'defocusBlur',
  about: 'puts the lens out of focus',
  category: 'blur',
  large: [
    [3, 0.1],
    [4, 0.5],
    [6, 0.5],
    [8, 0.5],
    [10, 0.5],
  ],
  small: [
    [0.3, 0.4],
    [0.4, 0.5],
    [0.5, 0.6],
    [1, 0.2],
    [1.5, 0.1],
  ],
  apply(image, [radius, softness]) {
    const kernel = disk(radius, softness);
    return eachPlane(image, (plane) => correlated(plane, image, kernel));
  },
});
