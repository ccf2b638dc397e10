import type { ViewSet } from '../view.ts';

/** The image and its mirror image. */
export const flip: ViewSet = {
  name: 'flip',
  about: 'the image and its mirror image',
  views: [{ isMirrored: true, right: 0, down: 0 }],
};
