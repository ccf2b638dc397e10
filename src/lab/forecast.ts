/** How long an experiment's trainings will take here, from a few steps of each. */
import { measuredRun, predictedSeconds } from '../train/index.ts';
import type { TrainingTime } from './lab-options.ts';
import type { Training } from './laboratory.ts';
import { isTrained, placeTraining, type TrainingPlace } from './train-once.ts';

/** Less than for one run: an experiment has many. */
const trialSeconds = { steps: 3, validation: 1 };

/** Those that are not done yet; undefined where the signal came first. @throws what `train` throws */
export async function trainingTimes(
  place: TrainingPlace,
  trainings: readonly Training[],
): Promise<readonly TrainingTime[] | undefined> {
  const bySpeed = new Map<string, Awaited<ReturnType<typeof measuredRun>>>();
  const times = new Map<string, TrainingTime>();
  for (const training of trainings) {
    const placed = await placeTraining(place, training);
    if (times.has(placed.folder) || (await isTrained(placed))) continue;
    const { name } = training.network;
    const { batchSize, images, recompute, augment } = training;
    const speed = JSON.stringify([name, batchSize, images, recompute, augment]);
    place.progress(`${name}: how long it will take`);
    const measured = bySpeed.get(speed) ?? (await measuredRun(placed.options, trialSeconds));
    if (!measured) return undefined;
    bySpeed.set(speed, measured);
    times.set(placed.folder, { network: name, seconds: predictedSeconds(measured, training) });
  }
  return [...times.values()];
}
