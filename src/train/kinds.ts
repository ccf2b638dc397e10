/** The parts that a run is described by, besides those of its step. */
import * as augmentationParts from '../augmentations/index.ts';
import type { Augmentation } from '../data/index.ts';
import { Kind } from '../parts/index.ts';
import type { Schedule } from '../schedules/index.ts';
import * as scheduleParts from '../schedules/index.ts';

export { averages, objectives, optimisers } from '../step/index.ts';
export const schedules = new Kind<Schedule>('schedule', scheduleParts);
export const augmentations = new Kind<Augmentation>('augmentation', augmentationParts);
