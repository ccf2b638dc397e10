/** Augmentations on their way to a worker: by the name of the part that made them, or by its module, as a function cannot be sent. */
import * as augmentationRoom from '../augmentations/index.ts';
import type { Augmentation } from '../data/index.ts';
import { Kind, makerOf } from '../parts/index.ts';
import { augmentationFrom, moduleOf } from './module-augmentation.ts';

const { augmentationSet, augmentationSets, ...augmentationParts } = augmentationRoom;

/** Skein's own. */
export const augmentations = new Kind<Augmentation>('augmentation', augmentationParts);

/** What a worker makes an augmentation from. */
export interface SentAugmentation {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The URL of the module that has it, where it is a person's own. */
  readonly module?: string | undefined;
}

/** Undefined where one of them is a person's own function, which only runs where it was made. */
export function sentAugmentations(augment: readonly Augmentation[]): SentAugmentation[] | undefined {
  const sent = augment.map((augmentation) => {
    const maker = makerOf(augmentation);
    const isOwn = augmentations.parts.some((part) => part === maker);
    const module = moduleOf(augmentation);
    return maker && (isOwn || module !== undefined)
      ? { name: maker.name, options: augmentation.options, module }
      : undefined;
  });
  return sent.some((one) => one === undefined) ? undefined : (sent as SentAugmentation[]);
}

export const receivedAugmentations = (sent: readonly SentAugmentation[]): Promise<Augmentation[]> =>
  Promise.all(
    sent.map(({ name, options, module }) =>
      module === undefined ? augmentations.find('pipeline', name).from(options) : augmentationFrom(module, options),
    ),
  );
