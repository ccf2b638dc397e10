/** The images that answers are measured on, and the others that a temperature is fitted on. */
import { type Dataset, subset } from '../data/index.ts';
import { someOfEach } from './lab-data.ts';
import type { Laboratory } from './laboratory.ts';

/** At most so many of each; where no test images are there, half of each class's validation images are for either. */
export function temperatureImages(
  { data: { validation, test }, seed }: Pick<Laboratory, 'data' | 'seed'>,
  most: { readonly measured: number; readonly fitted: number },
): { readonly measured: Dataset; readonly fitted: Dataset } {
  const [others, own] = test === validation ? halvesOfEach(validation) : [test, validation];
  return { measured: someOfEach(others, most.measured, seed), fitted: someOfEach(own, most.fitted, seed) };
}

/** Every second image of each class is in the second half; a class of one is in the first alone. */
function halvesOfEach(dataset: Dataset): readonly [Dataset, Dataset] {
  const halves: [number[], number[]] = [[], []];
  const seen = new Map<number, number>();
  for (let index = 0; index < dataset.length; index++) {
    const label = dataset.labels?.[index] ?? 0;
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    halves[before % 2 === 0 ? 0 : 1].push(index);
  }
  return [subset(dataset, halves[0]), subset(dataset, halves[1])];
}
