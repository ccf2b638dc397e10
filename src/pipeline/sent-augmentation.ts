/** Augmentations on their way to a worker: by the name of the part that made them, as a function cannot be sent. */
import * as augmentationParts from '../augmentations/index.ts';
import type { Augmentation } from '../data/index.ts';
import { Kind, makerOf } from '../parts/index.ts';

/** Skein's own. */
export const augmentations = new Kind<Augmentation>('augmentation', augmentationParts);

/** What a worker makes an augmentation from. */
export interface SentAugmentation {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Undefined where one of them is a person's own function, which only runs where it was made. */
export function sentAugmentations(augment: readonly Augmentation[]): SentAugmentation[] | undefined {
  const sent = augment.map((augmentation) => {
    const maker = makerOf(augmentation);
    const isOwn = augmentations.parts.some((part) => part === maker);
    return maker && isOwn ? { name: maker.name, options: augmentation.options } : undefined;
  });
  return sent.some((one) => one === undefined) ? undefined : (sent as SentAugmentation[]);
}

export const receivedAugmentations = (sent: readonly SentAugmentation[]): Augmentation[] =>
  sent.map(({ name, options }) => augmentations.find('pipeline', name).from(options));
