import { choice, whole } from '../parts/index.ts';

/** Of augmentations that move pixels, as torchvision has them. @param interpolation the default */
export const affineOptions = (interpolation: 'nearest' | 'bilinear' = 'nearest') => ({
  interpolation: choice(['nearest', 'bilinear'], {
    about: 'how pixels are taken that lie between others',
    default: interpolation,
  }),
  fill: whole({ about: 'level of the pixels that come in', from: 0, to: 255, default: 0 }),
});
