import type { View, ViewSet } from '../view.ts';

const eighth = 1 / 8;
const places = [
  [0, 0],
  [-eighth, -eighth],
  [eighth, -eighth],
  [-eighth, eighth],
  [eighth, eighth],
] as const;

/**
 * Ten views, as Krizhevsky et al. (2012, section 4.1) take them, but of the network's own picture: they cut theirs from a larger one, and here
 * the border is repeated where a view leaves the picture.
 */
export const crops: ViewSet = {
  name: 'crops',
  about: 'the image, moved by an eighth of its sides towards each corner, and all of these mirrored: ten views',
  views: places.flatMap(([right, down], place): View[] => [
    ...(place === 0 ? [] : [{ isMirrored: false, right, down }]),
    { isMirrored: true, right, down },
  ]),
};
