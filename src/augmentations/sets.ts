/** Augmentations that go well together, under a name. A run records the list, so that a set may change. */
import type { Augmentation } from '../data/index.ts';
import { ConfigError, nearestName } from '../tensor/index.ts';
import { colourJitter } from './colour-jitter.ts';
import { erase } from './erase.ts';
import { flip } from './flip.ts';
import { mix } from './mix.ts';
import { randomResizedCrop } from './random-resized-crop.ts';
import { resizeCrop } from './resize-crop.ts';
import { trivialAugment } from './trivial-augment.ts';

/** A list of augmentations that is known by a name. */
export interface AugmentationSet {
  readonly name: string;
  /** What it is for, in a sentence. */
  readonly about: string;
  readonly list: readonly Augmentation[];
}

/** From the weakest to the strongest. */
export const augmentationSets: readonly AugmentationSet[] = [
  { name: 'none', about: 'Images as they are.', list: [] },
  {
    name: 'light',
    about: 'A crop that moves by an eighth, and mirroring: where details at the border matter, or training is short.',
    list: [resizeCrop(), flip()],
  },
  {
    name: 'standard',
    about:
      'Crops of at least 0.35 of the image, as in fastai’s training of Imagenette: the 0.08 of ImageNet needs more epochs than a few thousand ' +
      'images mostly get. The default for folders of images.',
    list: [
      randomResizedCrop({ scale: [0.35, 1] }),
      flip(),
      colourJitter({ brightness: 0.2, contrast: 0.2, saturation: 0.2 }),
    ],
  },
  {
    name: 'strong',
    about:
      'Torchvision’s later recipe for ImageNet, without its repeats: for long training, of a hundred epochs and more.',
    list: [
      randomResizedCrop(),
      flip(),
      trivialAugment({ interpolation: 'bilinear' }),
      mix(),
      erase({ probability: 0.1 }),
    ],
  },
];

/** The augmentations of a set: none, light, standard or strong. @throws ConfigError where there is no such set */
export function augmentationSet(name: string): readonly Augmentation[] {
  const found = augmentationSets.find((set) => set.name === name);
  if (found) return found.list;
  const names = augmentationSets.map((set) => set.name);
  const nearest = nearestName(name, names);
  throw new ConfigError(
    `augmentationSet: there is no set \`${name}\`${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    `it is one of ${names.join(', ')}`,
  );
}
