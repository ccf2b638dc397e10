import { defineCorruption } from './corruption.ts';
import { inColour, inHsv } from './pixels/colour.ts';

/** More light by day. The constants are what is added to the value of each colour. */
export const brightness = defineCorruption({
  name: 'brightness',
  about: 'adds light',
  category: 'weather',
  large: [0.1, 0.2, 0.3, 0.4, 0.5],
  small: [0.05, 0.1, 0.15, 0.2, 0.3],
  apply: (image, added) =>
    inColour(image, (coloured) => inHsv(coloured, (saturation, value) => [saturation, Math.min(1, value + added)])),
});
