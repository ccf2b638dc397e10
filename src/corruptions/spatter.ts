import type { Image } from '../data/index.ts';
import { defineCorruption } from './corruption.ts';
import { bellBlurred } from './pixels/bell.ts';
import { inColour } from './pixels/colour.ts';
import { imageFrom, sharesOf } from './pixels/shares.ts';
import { wetness } from './pixels/wetness.ts';

/** What the lens is spattered with. */
interface Spatter {
  readonly liquid: 'water' | 'mud';
  /** Mean and standard deviation of the noise that drops are made of. */
  readonly mean: number;
  readonly deviation: number;
  /** Of the bell that smooths it, in pixels. */
  readonly sigma: number;
  /** What is below this is no drop. */
  readonly threshold: number;
  /** Water: how much it shines. Mud: standard deviation of the bell that softens its border, in pixels. */
  readonly strength: number;
}

type Numbers = readonly [mean: number, deviation: number, sigma: number, threshold: number, strength: number];

const of =
  (liquid: Spatter['liquid']) =>
  (...[mean, deviation, sigma, threshold, strength]: Numbers): Spatter => ({
    liquid,
    mean,
    deviation,
    sigma,
    threshold,
    strength,
  });
const water = of('water');
const mud = of('mud');

/** A lens with drops of water, or at severities 4 and 5 of mud. */
export const spatter = defineCorruption({
  name: 'spatter',
  about: 'spatters the lens with water or mud',
  category: 'weather',
  standing: 'extra',
  large: [
    water(0.65, 0.3, 4, 0.69, 0.6),
    water(0.65, 0.3, 3, 0.68, 0.6),
    water(0.65, 0.3, 2, 0.68, 0.5),
    mud(0.65, 0.3, 1, 0.65, 1.5),
    mud(0.67, 0.4, 1, 0.65, 1.5),
  ],
  small: [
    water(0.62, 0.1, 0.7, 0.7, 0.5),
    water(0.65, 0.1, 0.8, 0.7, 0.5),
    water(0.65, 0.3, 1, 0.69, 0.5),
    mud(0.65, 0.1, 0.7, 0.69, 0.6),
    mud(0.65, 0.1, 0.5, 0.68, 0.6),
  ],
  apply(image, constants, random) {
    const noise = Float64Array.from(
      { length: image.height * image.width },
      () => constants.mean + constants.deviation * random.normal(),
    );
    return inColour(image, (coloured) => spattered(coloured, constants, noise));
  },
});

/** Pale turquoise and brown. */
const colours = { water: [175 / 255, 238 / 255, 238 / 255], mud: [63 / 255, 42 / 255, 20 / 255] } as const;

/** @param image RGB @param noise [height, width] */
export function spattered(
  image: Image,
  { liquid, sigma, threshold, strength }: Omit<Spatter, 'mean' | 'deviation'>,
  noise: Float64Array,
): Image {
  const drops = bellBlurred(noise, image, sigma).map((one) => (one < threshold ? 0 : one));
  const shares = sharesOf(image);
  const amounts = liquid === 'water' ? wetness(drops, image) : covering(drops, image, threshold, strength);
  const area = noise.length;
  return imageFrom(
    image,
    shares.map((share, at) => {
      const amount = amounts[at % area] as number;
      const colour = colours[liquid][Math.floor(at / area)] as number;
      return liquid === 'water' ? share + amount * strength * colour : (1 - amount) * share + amount * colour;
    }),
  );
}

/** How much of each pixel mud covers, 0..1; borders that are too soft are not seen. */
const covering = (drops: Float64Array, image: Image, threshold: number, softness: number): Float64Array =>
  bellBlurred(
    drops.map((one) => (one > threshold ? 1 : 0)),
    image,
    softness,
  ).map((one) => (one < 0.8 ? 0 : one));
