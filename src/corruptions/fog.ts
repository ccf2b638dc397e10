import type { Image } from '../data/index.ts';
import { defineCorruption } from './corruption.ts';
import { plasma } from './pixels/plasma.ts';
import { eachShare } from './pixels/shares.ts';

/** Clouds before the scene. The constants are how thick they are, and how much finer parts of them fade. */
export const fog = defineCorruption<readonly [thickness: number, decay: number]>({
  name: 'fog',
  about: 'puts clouds before the scene',
  category: 'weather',
  large: [
    [1.5, 2],
    [2, 2],
    [2.5, 1.7],
    [2.5, 1.5],
    [3, 1.4],
  ],
  small: [
    [0.2, 3],
    [0.5, 3],
    [0.75, 2.5],
    [1, 2],
    [1.5, 1.75],
  ],
  apply: (image, [thickness, decay], random) => fogged(image, thickness, plasma(image, decay, random)),
});

/** @param clouds [height, width], 0..1 */
export function fogged(image: Image, thickness: number, clouds: Float64Array): Image {
  const brightest = image.pixels.reduce((most, level) => Math.max(most, level), 0) / 255;
  const area = clouds.length;
  return eachShare(
    image,
    (share, at) => ((share + thickness * (clouds[at % area] as number)) * brightest) / (brightest + thickness),
  );
}
