/** The parts that a run is described by, besides those of its step. */
import { Kind } from '../parts/index.ts';
import type { Schedule } from '../schedules/index.ts';
import * as scheduleParts from '../schedules/index.ts';
import type { FineTuning } from './fine-tuning/fine-tuning.ts';
import { fineTuning } from './fine-tuning/index.ts';

export { augmentations } from '../pipeline/index.ts';
export { averages, objectives, optimisers } from '../step/index.ts';
export const schedules = new Kind<Schedule>('schedule', scheduleParts);
export const fineTunings = new Kind<FineTuning>('fine-tuning', fineTuning);
