import { expect, it } from 'vitest';
import { type Dataset, memoryDataset } from '../data/index.ts';
import type { Laboratory } from './laboratory.ts';
import { temperatureImages } from './temperature-images.ts';

/** Of a pixel each, which is its place, from `first` on. */
const dataset = (labels: readonly number[], first = 0): Dataset =>
  memoryDataset({
    name: 'made',
    classes: ['ant', 'bee', 'cow'],
    channels: 1,
    height: 1,
    width: 1,
    pixels: Uint8Array.from(labels, (_, i) => first + i),
    labels,
  });

const images = async (validation: Dataset, test: Dataset, most: { measured: number; fitted: number }) => {
  const data = { train: validation, validation, test, normalisation: { mean: [0], std: [1] } };
  const lab: Pick<Laboratory, 'data' | 'seed'> = { data, seed: 0 };
  const { measured, fitted } = temperatureImages(lab, most);
  const places = async (part: Dataset) =>
    Promise.all(Array.from({ length: part.length }, async (_, i) => (await part.read(i)).image.pixels[0] as number));
  return { measured: await places(measured), fitted: await places(fitted), parts: [measured, fitted] };
};

it('measures on test images, and fits on those of validation', async () => {
  const [validation, test] = [dataset([0, 1, 2, 0, 1, 2]), dataset([0, 1, 2, 0, 1, 2], 100)];
  const { measured, fitted } = await images(validation, test, { measured: 3, fitted: 4 });
  expect([measured.length, fitted.length]).toEqual([3, 4]);
  expect(measured.every((place) => place >= 100)).toBe(true);
  expect(fitted.every((place) => place < 100)).toBe(true);
});

it('measures on no image that the temperature is fitted on, where both are of one part', async () => {
  const both = dataset([0, 0, 0, 0, 0, 0, 1, 1, 2]);
  const { measured, fitted, parts } = await images(both, both, { measured: 1000, fitted: 400 });
  expect([...measured, ...fitted].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  // a class of one image is measured
  expect(parts.map(({ labels }) => [...new Set(Array.from(labels ?? []))].sort())).toEqual([
    [0, 1, 2],
    [0, 1],
  ]);
});
