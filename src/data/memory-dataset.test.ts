import { expect, test } from 'vitest';
import { memoryDataset } from './memory-dataset.ts';
import { measureNormalisation } from './normalisation.ts';

const two = { name: 'two', classes: ['a', 'b'], channels: 2, height: 1, width: 2 };

test('samples are views of the pixels given', async () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const { image, label } = await memoryDataset({ ...two, pixels, labels: [0, 1] }).read(1);
  expect(label).toBe(1);
  expect(Array.from(image.pixels)).toEqual([5, 6, 7, 8]);
  expect(image.pixels.buffer).toBe(pixels.buffer);
});

test('pixels that do not fit the labels, labels out of range and indices out of range are told', () => {
  expect(() => memoryDataset({ ...two, pixels: new Uint8Array(7), labels: [0, 1] })).toThrow(
    /2 labels need 8 bytes of pixels, but got 7 \(dataset `two`, images \[2, 1, 2\]\)/,
  );
  expect(() => memoryDataset({ ...two, pixels: new Uint8Array(8), labels: [0, 2] })).toThrow(
    /label of sample 1 must be an integer from 0 to 1 \(2 classes\), but it is 2/,
  );
  expect(() => memoryDataset({ ...two, pixels: new Uint8Array(8), labels: [0, 1] }).read(2)).toThrow(/no sample 2/);
});

test('the normalisation is measured channel by channel; a constant channel keeps std 1', async () => {
  const pixels = Uint8Array.of(0, 255, 51, 51, 255, 0, 51, 51);
  const { mean, std } = await measureNormalisation(memoryDataset({ ...two, pixels, labels: [0, 1] }));
  expect(mean).toEqual([0.5, 0.2]);
  expect(std).toEqual([0.5, 1]);
});
