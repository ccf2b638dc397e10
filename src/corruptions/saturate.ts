import { defineCorruption } from './corruption.ts';
import { inColour, inHsv } from './pixels/colour.ts';

/** Paler at severities 1 and 2, more colourful above. The constants are factor and summand of the saturation; of what is grey, the sum becomes red. */
export const saturate = defineCorruption<readonly [factor: number, summand: number]>({
  name: 'saturate',
  about: 'makes colours paler or stronger',
  category: 'digital',
  standing: 'extra',
  large: [
    [0.3, 0],
    [0.1, 0],
    [2, 0],
    [5, 0.1],
    [20, 0.2],
  ],
  small: [
    [0.3, 0],
    [0.1, 0],
    [1.5, 0],
    [2, 0.1],
    [2.5, 0.2],
  ],
  apply: (image, [factor, summand]) =>
    inColour(image, (coloured) =>
      inHsv(coloured, (saturation, value) => [Math.min(1, saturation * factor + summand), value]),
    ),
});
