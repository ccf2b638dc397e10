import type { Image } from '../data/index.ts';
import { defineCorruption } from './corruption.ts';
import { frostedPane } from './frosted-pane.ts';

/**
 * Ice on the lens: so much of the image, and so much of frost over it. The benchmark takes photographs of frosted panes; here a generator draws them, so
 * that results stand apart from its 15 and are not comparable with published ones of frost.
 */
export const frost = defineCorruption<readonly [scene: number, ice: number]>({
  name: 'frost',
  about: 'lets ice grow on the lens',
  category: 'weather',
  standing: 'apart',
  large: [
    [1, 0.4],
    [0.8, 0.6],
    [0.7, 0.7],
    [0.65, 0.7],
    [0.6, 0.75],
  ],
  small: [
    [1, 0.2],
    [1, 0.3],
    [0.9, 0.4],
    [0.85, 0.4],
    [0.75, 0.45],
  ],
  apply: (image, [scene, ice], random) => frozen(image, scene, ice, frostedPane(image, random)),
});

/** @param pane levels as the image's channels */
function frozen({ channels, height, width, pixels }: Image, scene: number, ice: number, pane: Uint8Array): Image {
  const changed = new Uint8Array(pixels.length);
  for (let at = 0; at < changed.length; at++)
    changed[at] = Math.min(255, Math.trunc(scene * (pixels[at] as number) + ice * (pane[at] as number)));
  return { channels, height, width, pixels: changed };
}
