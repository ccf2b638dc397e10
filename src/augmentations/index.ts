/** An augmentation is one file and one line here. */
export { erase } from './erase.ts';
export { flip } from './flip.ts';
export { padCrop } from './pad-crop.ts';
