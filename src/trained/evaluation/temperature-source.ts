/** Where a temperature comes from, and which images it is fitted on. */
import { resolve } from 'node:path';
import type { Calibration } from '../../checkpoint/index.ts';
import { type Dataset, subset } from '../../data/index.ts';
import { DataError, Random } from '../../tensor/index.ts';
import { type Labelled, mostFitted, type TemperatureSource } from './calibrated.ts';
import type { EvaluationImages } from './evaluation-images.ts';

/** A source, and what a checkpoint keeps of it; without `images` it is the measured ones. */
export interface TemperatureFit {
  readonly source: TemperatureSource;
  readonly split: string;
  readonly images?: number;
}

/** Which images there are. */
type Measured = Pick<EvaluationImages, 'name' | 'split'>;

/** What the checkpoint keeps, beside what is measured. */
export function keptTemperature({ temperature, ...kept }: Calibration, measured: Measured): TemperatureFit {
  const { data, split, images } = kept;
  const shared = sharedImages(kept, measured);
  const more = shared === undefined ? '.' : `, ${shared} measured here: expect a little more error on others.`;
  const origin = `Kept in the checkpoint; fitted on ${images} images of ${data} (${split})${more}`;
  return { source: { kind: 'kept', temperature, origin }, split };
}

/** A path may be typed in several ways; `all` holds every part. */
function sharedImages({ data, split }: Pick<Calibration, 'data' | 'split'>, measured: Measured): string | undefined {
  if (resolve(data) !== resolve(measured.name)) return undefined;
  if (split === measured.split) return 'which are';
  return split === 'all' || measured.split === 'all' ? 'some of which are' : undefined;
}

/**
 * A temperature that is to be fitted: on the validation images, or on the measured ones where no validation image can be read or there are none.
 * @param validation none of which is measured
 * @param answersOf what the network answers to those that can be read
 * @param seed of which images are taken where there are many
 */
export async function fittedTemperature(
  validation: Dataset | undefined,
  measured: Measured,
  answersOf: (dataset: Dataset) => Promise<Labelled>,
  seed: number,
): Promise<TemperatureFit> {
  const { split } = measured;
  if (!validation) return { source: { kind: 'same images' }, split };
  try {
    const answers = await answersOf(someOf(validation, seed));
    const images = answers.labels.length;
    const name = `${images} validation images, none of which is measured`;
    return { source: { kind: 'other images', images: answers, name }, split: 'validation', images };
  } catch (error) {
    // what was measured stays true without it
    if (!(error instanceof DataError)) throw error;
    const reason = `The validation images tell no temperature: ${error.message}.`;
    return { source: { kind: 'same images', reason }, split };
  }
}

function someOf(dataset: Dataset, seed: number): Dataset {
  if (dataset.length <= mostFitted) return dataset;
  const order = new Random(`${seed}/calibration images`).shuffle(
    Uint32Array.from({ length: dataset.length }, (_, index) => index),
  );
  return subset(dataset, order.subarray(0, mostFitted).sort());
}
