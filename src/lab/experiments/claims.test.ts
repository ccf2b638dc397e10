import { expect, it } from 'vitest';
import { claims } from './claims.ts';

it('tells before a full run of the trainings of every experiment that trains, with the seeds that these will have', () => {
  const lab = { seed: 7, image: { channels: 1, height: 28, width: 28 }, classes: 10 };
  const trainings = claims.trainings?.(claims.full, lab) ?? [];
  const quick = claims.trainings?.(claims.quick, lab) ?? [];
  const names = trainings.map(({ network }) => network.name);
  // of degradation, lesion, accuracy, scaling, overfitting and transfer
  const expected = ['plain56', 'resnet110', 'linear', 'densenet-bc22-k12', 'resnet8', 'resnet56'];
  expect(names).toEqual(expect.arrayContaining(expected));
  // of reliability, whose second seed is the next one
  expect(quick.map(({ seed }) => seed)).toContain(8);
});
