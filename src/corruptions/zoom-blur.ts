import type { Image } from '../data/index.ts';
import { defineCorruption } from './corruption.ts';
import { eachPlane } from './pixels/shares.ts';
import { zoomed } from './pixels/zoomed.ts';

/** A camera that comes nearer: the mean of the image and of its enlargements. The constants are beyond which factor there are none, and their steps. */
export const zoomBlur = defineCorruption<readonly [end: number, step: number]>({
  name: 'zoomBlur',
  about: 'moves the camera nearer meanwhile',
  category: 'blur',
  large: [
    [1.11, 0.01],
    [1.16, 0.01],
    [1.21, 0.02],
    [1.26, 0.02],
    [1.31, 0.03],
  ],
  small: [
    [1.06, 0.01],
    [1.11, 0.01],
    [1.16, 0.01],
    [1.21, 0.01],
    [1.26, 0.01],
  ],
  apply: (image, [end, step]) => meanOfNearer(image, end, step),
});

/** The mean of an image and its enlargements by 1, 1 + step, … */
export function meanOfNearer(image: Image, end: number, step: number): Image {
  const factors = factorsUpTo(end, step);
  return eachPlane(image, (plane) => {
    const sum = plane.slice();
    for (const factor of factors) {
      const near = zoomed(plane, image, factor);
      for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (near[at] as number);
    }
    return sum.map((one) => one / (factors.length + 1));
  });
}

/** From 1 on, as NumPy's arange counts: what is behind the point of a quotient decides whether the end is among them, as in the published images. */
function factorsUpTo(end: number, step: number): number[] {
  const exact = 1 + step - 1;
  return Array.from({ length: Math.ceil((end - 1) / step) }, (_, i) => 1 + i * exact);
}
